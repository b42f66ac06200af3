-- What cleaning did to events at the door: one row a correction, the event's value before and after.

CREATE TABLE IF NOT EXISTS corrections (
  partition UInt16, line_position UInt64 CODEC(Delta, ZSTD), ordinal UInt32,
  event_id String,
  type LowCardinality(String),
  source LowCardinality(String),
  subject String,
  time DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
  rule LowCardinality(String),
  field LowCardinality(String),
  before String,
  after String,
  stored_at DateTime('UTC') DEFAULT now() CODEC(Delta, ZSTD)
) ENGINE = MergeTree ORDER BY (event_id, partition, line_position, ordinal)
TTL stored_at + INTERVAL 90 DAY DELETE
SETTINGS non_replicated_deduplication_window = 10000;
