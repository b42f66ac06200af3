-- What each client came to so far, kept up to date by every block that is stored: figures of experiments read one row a client.
--
-- Discounts carry the currency '' (an outcome names none). Bit w of active_weeks is set when the client paid with the card in week w
-- (weeks since 1970, modulo 64): a share of the last 64 weeks at most.

CREATE TABLE IF NOT EXISTS client_sums (
  client_id String,
  currency LowCardinality(String),
  spend_minor SimpleAggregateFunction(sum, Int64),
  purchases SimpleAggregateFunction(sum, Int64),
  discount_minor SimpleAggregateFunction(sum, Int64),
  redeemed SimpleAggregateFunction(sum, Int64),
  active_weeks SimpleAggregateFunction(groupBitOr, UInt64),
  opted_out_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
) ENGINE = AggregatingMergeTree ORDER BY (client_id, currency)
SETTINGS non_replicated_deduplication_window = 10000;

-- Facts that were stored before; nothing writes while migrations run.
INSERT INTO client_sums (client_id, currency, spend_minor, purchases, active_weeks)
SELECT client_id, currency, sum(if(reversed = 0, amount_minor, -amount_minor)), toInt64(countIf(reversed = 0)) - toInt64(countIf(reversed = 1)),
  groupBitOr(if(reversed = 0, bitShiftLeft(toUInt64(1), intDiv(toUnixTimestamp(time), 604800) % 64), 0))
FROM transactions WHERE kind = 'purchase' GROUP BY client_id, currency;

INSERT INTO client_sums (client_id, currency, discount_minor, redeemed)
SELECT client_id, '', sum(discount_minor), toInt64(sum(redeemed)) FROM outcomes WHERE ghost = 0 GROUP BY client_id;

INSERT INTO client_sums (client_id, currency, opted_out_at)
SELECT subject, '', max(time) FROM feature_inputs WHERE type = 'client.consent.changed' AND NOT JSONExtractBool(data, 'consents', 'offers') GROUP BY subject;

CREATE MATERIALIZED VIEW IF NOT EXISTS client_sums_of_transactions TO client_sums AS
SELECT client_id, currency, sum(if(reversed = 0, amount_minor, -amount_minor)) AS spend_minor,
  toInt64(countIf(reversed = 0)) - toInt64(countIf(reversed = 1)) AS purchases,
  groupBitOr(if(reversed = 0, bitShiftLeft(toUInt64(1), intDiv(toUnixTimestamp(time), 604800) % 64), 0)) AS active_weeks
FROM (SELECT client_id, currency, amount_minor, reversed, time FROM transactions WHERE kind = 'purchase')
GROUP BY client_id, currency;

CREATE MATERIALIZED VIEW IF NOT EXISTS client_sums_of_outcomes TO client_sums AS
SELECT client_id, '' AS currency, sum(given) AS discount_minor, toInt64(sum(used)) AS redeemed
FROM (SELECT client_id, discount_minor AS given, redeemed AS used FROM outcomes WHERE ghost = 0)
GROUP BY client_id;

CREATE MATERIALIZED VIEW IF NOT EXISTS client_sums_of_consents TO client_sums AS
SELECT subject AS client_id, '' AS currency, max(time) AS opted_out_at
FROM (SELECT subject, time FROM feature_inputs WHERE type = 'client.consent.changed' AND NOT JSONExtractBool(data, 'consents', 'offers'))
GROUP BY client_id;

-- What people decided about an experiment, with what was known then. Never changed, only added to; the time is the wall clock's.
CREATE TABLE IF NOT EXISTS experiment_decisions (
  experiment_id LowCardinality(String),
  epoch UInt32,
  time DateTime64(3, 'UTC') DEFAULT now64(3),
  decided_by String,
  decision LowCardinality(String),
  reason String,
  -- Event time up to which the figures counted, and what the page proposed.
  known_until DateTime64(3, 'UTC'),
  next_step LowCardinality(String)
) ENGINE = MergeTree ORDER BY (experiment_id, epoch, time);

ALTER TABLE client_sums MODIFY COMMENT 'engine: AggregatingMergeTree, sums of facts, their target views are fed by retried blocks once. order: client, as arms are counted over clients. kept: always, one row a client and currency; erased with the client.';
ALTER TABLE experiment_decisions MODIFY COMMENT 'engine: MergeTree, a log that is only added to. order: experiment, epoch, time, as it is read. kept: always, it says why an experiment ended.';
