-- What each comparison of online features with recomputed ones has found; a row with differing > 0 is an incident.
--
-- MergeTree: one row a check, nothing to merge. ORDER BY the time: the newest is asked for. Kept a year, to say since when something differs.

CREATE TABLE IF NOT EXISTS feature_parity (
  checked_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
  features_version LowCardinality(String),
  compared UInt32,
  not_found UInt32,
  -- decisions of which at least one feature differs
  differing UInt32,
  features Array(LowCardinality(String)),
  example String
) ENGINE = MergeTree ORDER BY checked_at
TTL toDateTime(checked_at) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 1000;
