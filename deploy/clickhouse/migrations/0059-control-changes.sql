-- Who changed what concerns everybody, and when: campaigns, pauses, the policy, the model. As it stands in the control log, so in the line's own time.

CREATE TABLE IF NOT EXISTS control_changes (
  partition UInt16, line_position UInt64 CODEC(Delta, ZSTD), ordinal UInt32,
  time DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
  type LowCardinality(String),
  about String,
  by String,
  data String CODEC(ZSTD(3)),
  stored_at DateTime('UTC') DEFAULT now() CODEC(Delta, ZSTD)
) ENGINE = MergeTree ORDER BY (type, about, time, partition, line_position, ordinal)
SETTINGS non_replicated_deduplication_window = 10000;

ALTER TABLE control_changes MODIFY COMMENT 'engine: MergeTree, a change is never changed. order: what was changed, then when. kept: always: who decided must be found again; some rows a day.';
