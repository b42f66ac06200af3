import type { RowOf } from '../define-table';
import { defineTable } from '../define-table';

/** Every decision, "no offer" too; `record` is the whole decision record as JSON, the rest is what figures are made of. */
export const decisions = defineTable({
  name: 'decisions',
  columns: {
    decisionId: 'text', clientId: 'text', time: 'timeMs', scenario: 'text', trigger: 'text', arm: 'text', experimentArm: 'text', experimentId: 'text',
    epoch: 'integer', salt: 'text', outcome: 'text', reason: 'text', merchantId: 'text', campaignId: 'text', discountPercent: 'number',
    validityDays: 'integer', minimumCheckMinor: 'integer', offerId: 'text', propensity: 'number', exploration: 'flag', score: 'number',
    valueMinor: 'number', modelVersion: 'text', features: 'numbers', record: 'text',
  },
});

export type DecisionRow = RowOf<typeof decisions>;
