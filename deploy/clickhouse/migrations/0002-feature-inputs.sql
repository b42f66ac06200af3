-- What the feature store folded, in the order in which it did: the source from which features are computed again.
--
-- It holds only the fields that a feature reads, positions only of clients who consented to them, and the ticks at which timers fire.
-- ORDER BY the subject: a client's history is read whole and in the log's order. Ticks are needed only to find the moment of a recent
-- timer decision; positions and actions are personal and no feature looks back a year. The time of storing counts, not the event's:
-- a replay of old data is kept as long.

CREATE TABLE IF NOT EXISTS feature_inputs (
  partition UInt16, line_position UInt64 CODEC(Delta, ZSTD), ordinal UInt32,
  subject String,
  type LowCardinality(String),
  event_id String,
  source LowCardinality(String),
  time DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
  data String CODEC(ZSTD(3)),
  stored_at DateTime('UTC') DEFAULT now() CODEC(Delta, ZSTD)
) ENGINE = MergeTree ORDER BY (subject, partition, line_position, ordinal)
TTL stored_at + INTERVAL 30 DAY DELETE WHERE type = 'clock.ticked',
  stored_at + INTERVAL 400 DAY DELETE WHERE type IN ('client.located', 'client.acted')
SETTINGS non_replicated_deduplication_window = 10000;
