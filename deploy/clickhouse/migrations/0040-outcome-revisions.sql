-- An outcome may be amended: a reversal takes back what an offer earned, an earlier purchase comes late. Each word on an offer is a row;
-- the last one counts, and `latest_outcomes` is where figures read it.

ALTER TABLE outcomes
  ADD COLUMN IF NOT EXISTS revision UInt16,
  -- when the offer's time and grace are over: before, only a redeemed offer has an outcome, and whoever learns from it learns too well
  ADD COLUMN IF NOT EXISTS known_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
  ADD COLUMN IF NOT EXISTS reversed_minor Int64,
  -- purchases at the merchant or its group in the offer's time, whatever their amount, less reversals
  ADD COLUMN IF NOT EXISTS purchases UInt16,
  ADD COLUMN IF NOT EXISTS window_spend_minor Int64,
  -- of the campaign, '' where it was not known; then the reward by it, and by each objective: margin after the discount
  ADD COLUMN IF NOT EXISTS objective LowCardinality(String),
  ADD COLUMN IF NOT EXISTS reward_minor Int64,
  ADD COLUMN IF NOT EXISTS margin_minor Int64,
  ADD COLUMN IF NOT EXISTS frequency_minor Int64,
  ADD COLUMN IF NOT EXISTS average_check_minor Int64,
  ADD COLUMN IF NOT EXISTS new_merchant_minor Int64;

-- Of outcomes from before it is not known; no validity is longer than a month there.
ALTER TABLE outcomes UPDATE known_at = issued_at + INTERVAL 31 DAY WHERE toUnixTimestamp64Milli(known_at) = 0 SETTINGS mutations_sync = 1;

ALTER TABLE outcomes MODIFY COMMENT 'engine: MergeTree, each word on an offer is a row, latest_outcomes shows the last one. order: time of closing, since training reads spans of it. kept: 3 years, longer than any training looks back.';

-- Amendments are few, so those that they concern are found first and the rest is read as it lies.
CREATE OR REPLACE VIEW latest_outcomes AS
SELECT * FROM outcomes
WHERE offer_id NOT IN (SELECT offer_id FROM outcomes WHERE revision > 0)
  OR (offer_id, revision) IN (SELECT offer_id, max(revision) FROM outcomes WHERE revision > 0 GROUP BY offer_id);
