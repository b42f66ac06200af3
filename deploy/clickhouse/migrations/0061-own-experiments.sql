-- Experiments of the bank's own: every word on them as it stood in the log, and the arm by its name in the decisions that they steered.

CREATE TABLE IF NOT EXISTS experiment_words (
  partition UInt16, line_position UInt64 CODEC(Delta, ZSTD), ordinal UInt32,
  experiment_id LowCardinality(String),
  epoch UInt32,
  -- declared, running, stopped
  state LowCardinality(String),
  time DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
  -- the whole experiment as JSON
  document String CODEC(ZSTD(3))
) ENGINE = MergeTree ORDER BY (experiment_id, epoch, partition, line_position)
SETTINGS non_replicated_deduplication_window = 10000;

ALTER TABLE experiment_words MODIFY COMMENT 'engine: MergeTree, a word for each partition that it reached. order: experiment, epoch, then the log''s. kept: always, without it no past experiment can be read.';

-- `arm` is the policy that decided; in the always-on experiment both are the same.
ALTER TABLE decisions ADD COLUMN IF NOT EXISTS experiment_arm LowCardinality(String) DEFAULT arm;
