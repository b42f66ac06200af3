-- Why each table has its engine and its order, and how long it is kept: said in the database itself, as the tables' comments.
--
-- Retention counts from the time of storing, not from the event's: a replay of old data is kept as long as any other. Applied files never change, so what the first
-- ones did not say is said here. TTL drops whole rows at merges; what is stored already is not rewritten at once (materialize_ttl_after_modify = 0).

ALTER TABLE transactions ADD COLUMN IF NOT EXISTS stored_at DateTime('UTC') DEFAULT now() CODEC(Delta, ZSTD);
ALTER TABLE assignments ADD COLUMN IF NOT EXISTS stored_at DateTime('UTC') DEFAULT now() CODEC(Delta, ZSTD);
ALTER TABLE decisions ADD COLUMN IF NOT EXISTS stored_at DateTime('UTC') DEFAULT now() CODEC(Delta, ZSTD);
ALTER TABLE offers ADD COLUMN IF NOT EXISTS stored_at DateTime('UTC') DEFAULT now() CODEC(Delta, ZSTD);
ALTER TABLE outcomes ADD COLUMN IF NOT EXISTS stored_at DateTime('UTC') DEFAULT now() CODEC(Delta, ZSTD);
ALTER TABLE responses ADD COLUMN IF NOT EXISTS stored_at DateTime('UTC') DEFAULT now() CODEC(Delta, ZSTD);
ALTER TABLE dead_letters ADD COLUMN IF NOT EXISTS stored_at DateTime('UTC') DEFAULT now() CODEC(Delta, ZSTD);
ALTER TABLE event_counts ADD COLUMN IF NOT EXISTS stored_at DateTime('UTC') DEFAULT now() CODEC(Delta, ZSTD);

ALTER TABLE transactions MODIFY TTL stored_at + INTERVAL 3 YEAR SETTINGS materialize_ttl_after_modify = 0;
ALTER TABLE decisions MODIFY TTL stored_at + INTERVAL 3 YEAR SETTINGS materialize_ttl_after_modify = 0;
ALTER TABLE offers MODIFY TTL stored_at + INTERVAL 3 YEAR SETTINGS materialize_ttl_after_modify = 0;
ALTER TABLE outcomes MODIFY TTL stored_at + INTERVAL 3 YEAR SETTINGS materialize_ttl_after_modify = 0;
ALTER TABLE responses MODIFY TTL stored_at + INTERVAL 3 YEAR SETTINGS materialize_ttl_after_modify = 0;
ALTER TABLE dead_letters MODIFY TTL stored_at + INTERVAL 400 DAY SETTINGS materialize_ttl_after_modify = 0;
ALTER TABLE event_counts MODIFY TTL stored_at + INTERVAL 400 DAY SETTINGS materialize_ttl_after_modify = 0;

ALTER TABLE transactions MODIFY COMMENT 'engine: MergeTree, each row is a fact of its own and retried blocks are known by their token. order: client, then time, since figures and features read a client''s history whole. kept: 3 years from storing, two seasons to compare and one to learn from.';
ALTER TABLE assignments MODIFY COMMENT 'engine: MergeTree, one row a client and epoch. order: experiment, epoch, client, as the arms are counted. kept: always, without it no past experiment can be read; erased with the client.';
ALTER TABLE decisions MODIFY COMMENT 'engine: MergeTree. order: time, since the newest are listed and training takes spans; one client or one decision is found by bloom filters. kept: 3 years, as long as a decision may have to be explained.';
ALTER TABLE offers MODIFY COMMENT 'engine: MergeTree. order: client, then time: a client''s offers are read together; one offer is found by a bloom filter. kept: 3 years, with the decisions that they come from.';
ALTER TABLE outcomes MODIFY COMMENT 'engine: MergeTree, an outcome is closed once. order: time of closing, since training reads spans of it. kept: 3 years, longer than any training looks back.';
ALTER TABLE responses MODIFY COMMENT 'engine: MergeTree. order: client, then time, to stand beside his offers. kept: 3 years, with the offers that they answer.';
ALTER TABLE dead_letters MODIFY COMMENT 'engine: MergeTree. order: time, the newest are looked at. kept: 400 days: a source that was mended a year ago is not replayed.';
ALTER TABLE event_counts MODIFY COMMENT 'engine: MergeTree, the sums are made by the view. order: minute and type, as they are drawn. kept: 400 days, a year and a month to compare with.';
ALTER TABLE sink_flushes MODIFY COMMENT 'engine: MergeTree. order: sink, partition, position: the last one is asked for at each start. kept: 30 days, far beyond the logs that a flush could be repeated from.';
ALTER TABLE spend_by_client_day MODIFY COMMENT 'engine: SummingMergeTree, sums of one client and day may meet in any order. order: client, day, currency, the key that they are summed by. kept: always, it is small and names no purchase; erased with the client.';
ALTER TABLE offers_by_minute MODIFY COMMENT 'engine: SummingMergeTree. order: minute first, as charts read it. kept: always, a few rows a minute that name nobody.';
ALTER TABLE events_by_minute MODIFY COMMENT 'engine: SummingMergeTree. order: minute first, as charts read it. kept: always, a few rows a minute that name nobody.';
ALTER TABLE feature_inputs MODIFY COMMENT 'engine: MergeTree. order: client, then the log''s order: a history is folded whole and as it was. kept: purchases and facts always, positions and actions 400 days since no feature looks back farther, ticks 30 days.';
ALTER TABLE feature_parity MODIFY COMMENT 'engine: MergeTree, one row a check. order: time, the newest is asked for. kept: 400 days, to say since when something differs.';
