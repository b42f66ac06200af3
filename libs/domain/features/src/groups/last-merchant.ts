import { oncePerReading, type Feature, type FeatureGroup } from '../feature-group';
import { dayMs } from '../time-units';
import type { MerchantUse, MerchantUses } from './merchant-uses';

const recentDays = 30;

/** The merchant of the last purchase, and how far the client keeps to few: read from the merchants that he used most recently. */
export const lastMerchant: Omit<FeatureGroup<MerchantUses>, 'empty' | 'codec'> = {
  features: [
    ofLast('lastMerchantPurchases', 'integer', ({ purchases }) => purchases),
    ofLast('lastMerchantCheckMinor', 'real', ({ purchases, spendMinor }) => spendMinor / purchases),
    ofLast('lastMerchantShare', 'real', ({ purchases }, all) => purchases / all),
    ofLast('topMerchantShare', 'real', (_, all, uses) => uses.reduce((most, { purchases }) => Math.max(most, purchases), 0) / all),
    { name: 'merchants30d', type: 'integer', value: (uses, { timeMs }) => uses.filter(({ lastMs }) => lastMs > timeMs - recentDays * dayMs).length },
  ],
};

function ofLast(name: string, type: Feature<MerchantUses>['type'], value: (last: MerchantUse, all: number, uses: MerchantUses) => number): Feature<MerchantUses> {
  return {
    name, type, missing: 'no purchase at a named merchant',
    value(uses, reading) {
      const { last, all } = overview(uses, reading);
      return last ? value(last, all, uses) : NaN;
    },
  };
}

/** The merchant used last, the first of several; and all purchases at named ones. */
const overview = oncePerReading((uses: MerchantUses) => {
  let [last, all] = [uses[0], 0];
  for (const use of uses) {
    if (last && use.lastMs > last.lastMs) last = use;
    all += use.purchases;
  }
  return { last, all };
});
