-- What the line has changed by itself, each with its reason, and who took it back. The facts themselves stand in the control log; here is what
-- they replaced, so that a page can show it and a person can undo it. `at` is event time.

CREATE TABLE IF NOT EXISTS automatic_changes (
  change_id String,
  at DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
  kind LowCardinality(String),
  before String,
  after String,
  reason String,
  undone_by String,
  recorded_at DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = MergeTree ORDER BY (at, change_id)
SETTINGS non_replicated_deduplication_window = 1000;

ALTER TABLE automatic_changes MODIFY COMMENT 'engine: MergeTree, a change and its taking back are a row each. order: event time, as the page shows it. kept: always; some rows a month.';
