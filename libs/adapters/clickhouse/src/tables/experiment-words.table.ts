import { defineTable } from '../define-table';

/** What was said of the bank's own experiments, in the log's order; `document` is the whole experiment as JSON. */
export const experimentWords = defineTable({
  name: 'experiment_words',
  columns: { experimentId: 'text', epoch: 'integer', state: 'text', time: 'timeMs', document: 'text' },
});
