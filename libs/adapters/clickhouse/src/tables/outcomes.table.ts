import type { RowOf } from '../define-table';
import { defineTable } from '../define-table';

/** What became of an offer or a ghost once its time was over: the rewards, and with `features` the training examples. */
export const outcomes = defineTable({
  name: 'outcomes',
  columns: {
    offerId: 'text', decisionId: 'text', clientId: 'text', merchantId: 'text', campaignId: 'text', scenario: 'text', arm: 'text', ghost: 'flag',
    issuedAt: 'timeMs', closedAt: 'timeMs', viewed: 'flag', accepted: 'flag', declined: 'flag', redeemed: 'flag', refused: 'flag',
    spendMinor: 'integer', discountMinor: 'integer', transactionId: 'text', labelSource: 'text', propensity: 'number', features: 'numbers',
  },
});

export type OutcomeRow = RowOf<typeof outcomes>;
