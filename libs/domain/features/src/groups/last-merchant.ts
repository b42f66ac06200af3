import type { Feature, FeatureGroup } from '../feature-group';
import { dayMs } from '../time-units';
import type { MerchantUse, MerchantUses } from './merchant-uses';

const recentDays = 30;

/** The merchant of the last purchase, and how far the client keeps to few: read from the merchants that he used most recently. */
export const lastMerchant: Omit<FeatureGroup<MerchantUses>, 'empty' | 'codec'> = {
  features: [
    ofLast('lastMerchantPurchases', 'integer', ({ purchases }) => purchases),
    ofLast('lastMerchantCheckMinor', 'real', ({ purchases, spendMinor }) => spendMinor / purchases),
    ofLast('lastMerchantShare', 'real', ({ purchases }, uses) => purchases / allPurchases(uses)),
    ofLast('topMerchantShare', 'real', (_, uses) => uses.reduce((most, { purchases }) => Math.max(most, purchases), 0) / allPurchases(uses)),
    { name: 'merchants30d', type: 'integer', value: (uses, { timeMs }) => uses.filter(({ lastMs }) => lastMs > timeMs - recentDays * dayMs).length },
  ],
};

function ofLast(name: string, type: Feature<MerchantUses>['type'], value: (last: MerchantUse, uses: MerchantUses) => number): Feature<MerchantUses> {
  return {
    name, type, missing: 'no purchase at a named merchant',
    value(uses) {
      const [first, ...others] = uses;
      return first ? value(others.reduce((last, use) => (use.lastMs > last.lastMs ? use : last), first), uses) : NaN;
    },
  };
}

function allPurchases(uses: MerchantUses): number {
  return uses.reduce((sum, { purchases }) => sum + purchases, 0);
}
