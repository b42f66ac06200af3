import type { RowOf } from '../define-table';
import { defineTable } from '../define-table';

/** What clients and merchants answered to offers. */
export const responses = defineTable({
  name: 'responses',
  columns: { offerId: 'text', clientId: 'text', time: 'timeMs', response: 'text', reason: 'text', transactionId: 'text' },
});

export type ResponseRow = RowOf<typeof responses>;
