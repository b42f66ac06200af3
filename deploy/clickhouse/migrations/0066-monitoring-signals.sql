-- What the monitor keeps of signals that are in no log.

CREATE TABLE IF NOT EXISTS door_counts (
  at DateTime('UTC') CODEC(Delta, ZSTD),
  accepted UInt32,
  duplicates UInt32
) ENGINE = MergeTree ORDER BY at
TTL at + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 1000;

-- One row for each distribution and each calibration that a day's look judged; a row with drifted = 1 is worth a look.
CREATE TABLE IF NOT EXISTS drift_checks (
  at DateTime('UTC') CODEC(Delta, ZSTD),
  -- feature, score or calibration
  what LowCardinality(String),
  name LowCardinality(String),
  model_version LowCardinality(String),
  -- of the bank itself, empty for all clients
  segment LowCardinality(String),
  rows UInt32,
  reference_rows UInt32,
  -- of a distribution: population stability index beyond chance, and the shift of its mean rank in standard deviations
  stability_index Float64,
  shift_z Float64,
  p_value Float64,
  -- of a calibration: conversions that should have come by then, and those that have
  expected Float64,
  observed Float64,
  drifted UInt8
) ENGINE = ReplacingMergeTree ORDER BY (at, what, name, model_version, segment)
TTL at + INTERVAL 400 DAY;

ALTER TABLE door_counts MODIFY COMMENT 'engine: MergeTree, what ingest''s counters moved by. order: event time. kept: 400 days from the event time, a year and a month to compare with.';
ALTER TABLE drift_checks MODIFY COMMENT 'engine: ReplacingMergeTree, a look that is repeated after a restart replaces itself. order: event time of the look, then what was judged. kept: 400 days.';
