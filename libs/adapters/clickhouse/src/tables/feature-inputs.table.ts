import { defineTable, type RowOf } from '../define-table';

/** What the clients' features were folded from, in the log's order; `data` is JSON. */
export const featureInputs = defineTable({
  name: 'feature_inputs',
  columns: { subject: 'text', type: 'text', eventId: 'text', source: 'text', time: 'timeMs', data: 'text' },
});

export type FeatureInputRow = RowOf<typeof featureInputs>;
