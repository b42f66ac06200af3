import { addDecayed, decayedSum, emptyDecayed, readDecayed, type Decayed } from '../decayed';
import type { FeatureGroup } from '../feature-group';
import { record } from '../stored/codec';

export interface PurchaseDecay {
  readonly frequency: Decayed;
  readonly spend: Decayed;
}

/** Two weeks: between a weekly and a monthly rhythm; chosen, not fitted. */
const halfLifeDays = 14;

/** Purchases and spend of late, without the step that a window has at its end. */
export const purchaseDecay: FeatureGroup<PurchaseDecay> = {
  empty: () => ({ frequency: emptyDecayed(), spend: emptyDecayed() }),
  codec: record<PurchaseDecay>({ frequency: decayedSum, spend: decayedSum }),
  purchased({ frequency, spend }, { timeMs, amountMinor }) {
    addDecayed(frequency, 1, timeMs, halfLifeDays);
    addDecayed(spend, amountMinor, timeMs, halfLifeDays);
  },
  reversed({ frequency, spend }, { purchase, amountMinor, isWhole }) {
    if (isWhole) addDecayed(frequency, -1, purchase.timeMs, halfLifeDays);
    addDecayed(spend, -amountMinor, purchase.timeMs, halfLifeDays);
  },
  features: [
    { name: 'purchasesDecayed', type: 'real', value: ({ frequency }, { timeMs }) => readDecayed(frequency, timeMs, halfLifeDays) },
    { name: 'spendMinorDecayed', type: 'real', value: ({ spend }, { timeMs }) => readDecayed(spend, timeMs, halfLifeDays) },
  ],
};
