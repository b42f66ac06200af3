-- The facts that the line emits, and what is summed from them.
--
-- Every fact has its place in the line: partition, line_position (its frame), ordinal (its place inside the frame). A sink
-- stores blocks of whole frames under a token; the window lets a table, and a view's target, recognise a retried block.
-- No fact table has PARTITION BY: a block would become several parts, and a crash between them would leave half a frame.

CREATE TABLE IF NOT EXISTS transactions (
  partition UInt16, line_position UInt64 CODEC(Delta, ZSTD), ordinal UInt32,
  transaction_id String,
  client_id String,
  time DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
  kind LowCardinality(String),
  merchant_id String,
  mcc UInt16,
  amount_minor Int64,
  currency LowCardinality(String),
  channel LowCardinality(String),
  -- 0 a booking, 1 a reversal of the whole, 2 of a part; amount_minor is positive in each
  reversed UInt8
) ENGINE = MergeTree ORDER BY (client_id, time, transaction_id)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS assignments (
  partition UInt16, line_position UInt64 CODEC(Delta, ZSTD), ordinal UInt32,
  client_id String,
  experiment_id LowCardinality(String),
  epoch UInt32,
  arm LowCardinality(String),
  time DateTime64(3, 'UTC') CODEC(Delta, ZSTD)
) ENGINE = MergeTree ORDER BY (experiment_id, epoch, client_id)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS decisions (
  partition UInt16, line_position UInt64 CODEC(Delta, ZSTD), ordinal UInt32,
  decision_id String,
  client_id String,
  time DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
  scenario LowCardinality(String),
  trigger LowCardinality(String),
  arm LowCardinality(String),
  experiment_id LowCardinality(String),
  epoch UInt32,
  salt LowCardinality(String),
  outcome LowCardinality(String),
  reason LowCardinality(String),
  merchant_id String,
  campaign_id String,
  discount_percent Float32,
  validity_days UInt16,
  minimum_check_minor Int64,
  offer_id String,
  propensity Float64,
  exploration UInt8,
  score Float32,
  value_minor Float64,
  model_version LowCardinality(String),
  features Array(Float32),
  record String CODEC(ZSTD(3)),
  INDEX by_decision decision_id TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX by_client client_id TYPE bloom_filter(0.01) GRANULARITY 1
) ENGINE = MergeTree ORDER BY (time, decision_id)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS offers (
  partition UInt16, line_position UInt64 CODEC(Delta, ZSTD), ordinal UInt32,
  offer_id String,
  decision_id String,
  client_id String,
  merchant_id String,
  campaign_id String,
  scenario LowCardinality(String),
  arm LowCardinality(String),
  time DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
  valid_until DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
  discount_percent Float32,
  validity_days UInt16,
  minimum_check_minor Int64,
  ghost UInt8,
  propensity Float64,
  INDEX by_offer offer_id TYPE bloom_filter(0.01) GRANULARITY 1
) ENGINE = MergeTree ORDER BY (client_id, time, offer_id)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS outcomes (
  partition UInt16, line_position UInt64 CODEC(Delta, ZSTD), ordinal UInt32,
  offer_id String,
  decision_id String,
  client_id String,
  merchant_id String,
  campaign_id String,
  scenario LowCardinality(String),
  arm LowCardinality(String),
  ghost UInt8,
  issued_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
  closed_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
  viewed UInt8,
  accepted UInt8,
  declined UInt8,
  redeemed UInt8,
  refused UInt8,
  spend_minor Int64,
  discount_minor Int64,
  transaction_id String,
  label_source LowCardinality(String),
  propensity Float64,
  features Array(Float32)
) ENGINE = MergeTree ORDER BY (closed_at, offer_id)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS responses (
  partition UInt16, line_position UInt64 CODEC(Delta, ZSTD), ordinal UInt32,
  offer_id String,
  client_id String,
  time DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
  response LowCardinality(String),
  reason LowCardinality(String),
  transaction_id String
) ENGINE = MergeTree ORDER BY (client_id, time, offer_id)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS dead_letters (
  partition UInt16, line_position UInt64 CODEC(Delta, ZSTD), ordinal UInt32,
  id String,
  time DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
  stage LowCardinality(String),
  reason LowCardinality(String),
  field LowCardinality(String),
  source String,
  event_id String,
  payload String CODEC(ZSTD(3)),
  detail String CODEC(ZSTD(3))
) ENGINE = MergeTree ORDER BY (time, id)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS event_counts (
  partition UInt16, line_position UInt64 CODEC(Delta, ZSTD), ordinal UInt32,
  minute DateTime('UTC') CODEC(Delta, ZSTD),
  type LowCardinality(String),
  count UInt32
) ENGINE = MergeTree ORDER BY (minute, type)
SETTINGS non_replicated_deduplication_window = 10000;

-- Flushes that a sink has begun: the next start repeats the last one with exactly its range (see sink-flushes.ts).
CREATE TABLE IF NOT EXISTS sink_flushes (
  sink LowCardinality(String),
  partition UInt16,
  from_position UInt64,
  to_position UInt64,
  begun_at DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = MergeTree ORDER BY (sink, partition, to_position)
TTL toDateTime(begun_at) + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 10000;

-- What a client spent in a day: purchases, with reversals subtracted on the day of the reversal. Sum the columns when reading.
CREATE TABLE IF NOT EXISTS spend_by_client_day (
  client_id String,
  day Date,
  currency LowCardinality(String),
  amount_minor Int64,
  transactions Int64
) ENGINE = SummingMergeTree((amount_minor, transactions)) ORDER BY (client_id, day, currency)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS spend_by_client_day_view TO spend_by_client_day AS
SELECT client_id, toDate(time) AS day, currency,
  sum(if(reversed = 0, amount_minor, -amount_minor)) AS amount_minor,
  toInt64(countIf(reversed = 0)) - toInt64(countIf(reversed = 1)) AS transactions
FROM (SELECT client_id, time, currency, amount_minor, reversed FROM transactions WHERE kind = 'purchase')
GROUP BY client_id, day, currency;

CREATE TABLE IF NOT EXISTS offers_by_minute (
  minute DateTime('UTC'),
  scenario LowCardinality(String),
  arm LowCardinality(String),
  ghost UInt8,
  count UInt64
) ENGINE = SummingMergeTree(count) ORDER BY (minute, scenario, arm, ghost)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS offers_by_minute_view TO offers_by_minute AS
SELECT toStartOfMinute(time) AS minute, scenario, arm, ghost, count() AS count
FROM offers
GROUP BY minute, scenario, arm, ghost;

CREATE TABLE IF NOT EXISTS events_by_minute (
  minute DateTime('UTC'),
  type LowCardinality(String),
  count UInt64
) ENGINE = SummingMergeTree(count) ORDER BY (minute, type)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS events_by_minute_view TO events_by_minute AS
SELECT minute, type, sum(counted) AS count
FROM (SELECT minute, type, count AS counted FROM event_counts)
GROUP BY minute, type;
