import type { RowOf } from '../define-table';
import { defineTable } from '../define-table';

/** Every booking of a card, and every reversal as a row of its own (see `reversals`); the amount is always positive. */
export const transactions = defineTable({
  name: 'transactions',
  columns: {
    transactionId: 'text', clientId: 'text', time: 'timeMs', kind: 'text', merchantId: 'text', mcc: 'integer',
    amountMinor: 'integer', currency: 'text', channel: 'text', reversed: 'integer',
  },
});

export type TransactionRow = RowOf<typeof transactions>;

/** Values of `reversed`. A reversal of a part lowers what was spent, not how often. */
export const reversals = { none: 0, whole: 1, part: 2 } as const;
