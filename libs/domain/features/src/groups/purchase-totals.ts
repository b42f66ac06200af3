import type { FeatureGroup } from '../feature-group';
import { hourMs } from '../time-units';
import { integer, optional, record } from '../stored/codec';

export interface PurchaseTotals {
  count: number;
  spendMinor: number;
  onlineCount: number;
  /** Of the latest purchase, even if it was reversed since. */
  lastMs: number | undefined;
}

/** All purchases ever: how many, how large, how many online, how long ago the last. */
export const purchaseTotals: FeatureGroup<PurchaseTotals> = {
  empty: () => ({ count: 0, spendMinor: 0, onlineCount: 0, lastMs: undefined }),
  codec: record<PurchaseTotals>({ count: integer, spendMinor: integer, onlineCount: integer, lastMs: optional(integer) }),
  purchased(totals, { timeMs, amountMinor, online }) {
    totals.count++;
    totals.spendMinor += amountMinor;
    if (online) totals.onlineCount++;
    if (totals.lastMs === undefined || timeMs > totals.lastMs) totals.lastMs = timeMs;
  },
  reversed(totals, { purchase, amountMinor, isWhole }) {
    totals.spendMinor -= amountMinor;
    if (!isWhole) return;
    totals.count--;
    if (purchase.online) totals.onlineCount--;
  },
  features: [
    { name: 'purchasesAll', type: 'integer', value: ({ count }) => count },
    { name: 'averageCheckMinor', type: 'real', missing: 'no purchase', value: ({ count, spendMinor }) => (count === 0 ? NaN : spendMinor / count) },
    { name: 'onlineShare', type: 'real', missing: 'no purchase', value: ({ count, onlineCount }) => (count === 0 ? NaN : onlineCount / count) },
    { name: 'recencyHours', type: 'real', missing: 'no purchase', value: ({ lastMs }, { timeMs }) => (lastMs === undefined ? NaN : (timeMs - lastMs) / hourMs) },
  ],
};
