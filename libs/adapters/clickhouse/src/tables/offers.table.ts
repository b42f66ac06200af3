import type { RowOf } from '../define-table';
import { defineTable } from '../define-table';

/** Offers that were issued, and the ghosts that the holdout would have got. */
export const offers = defineTable({
  name: 'offers',
  columns: {
    offerId: 'text', decisionId: 'text', clientId: 'text', merchantId: 'text', campaignId: 'text', scenario: 'text', arm: 'text', time: 'timeMs',
    validUntil: 'timeMs', discountPercent: 'number', validityDays: 'integer', minimumCheckMinor: 'integer', ghost: 'flag', propensity: 'number',
  },
});

export type OfferRow = RowOf<typeof offers>;
