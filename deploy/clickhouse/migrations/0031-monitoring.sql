-- What the monitor itself remembers: incidents and review cases as entries that are never changed, and how far it has looked.
-- Each book is folded from its entries again when the monitor starts. `at` is event time, `ordinal` the order of writing.

CREATE TABLE IF NOT EXISTS monitor_entries (
  book LowCardinality(String),
  ordinal UInt64,
  about String,
  kind LowCardinality(String),
  at DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
  entry String CODEC(ZSTD(3)),
  recorded_at DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = MergeTree ORDER BY (book, ordinal)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS monitor_marks (
  book LowCardinality(String),
  at DateTime64(3, 'UTC'),
  recorded_at DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = ReplacingMergeTree(recorded_at) ORDER BY book;

ALTER TABLE monitor_entries MODIFY COMMENT 'engine: MergeTree, an entry is never changed. order: book, then the order of writing, as a book is folded. kept: always: what people decided about a merchant must be found again; some rows a day.';
ALTER TABLE monitor_marks MODIFY COMMENT 'engine: ReplacingMergeTree, the newest mark of a book counts. order: book. kept: always, one row a book.';
