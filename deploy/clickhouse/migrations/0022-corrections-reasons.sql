-- Why the table of corrections is as it is; see 0021.

ALTER TABLE corrections MODIFY COMMENT 'engine: MergeTree, each row is a fact of its own and retried blocks are known by their token. order: event, since one event is looked up before and after. kept: 90 days, until a source has been mended; erased with the client.';
