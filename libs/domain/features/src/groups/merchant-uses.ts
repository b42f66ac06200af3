import type { FeatureGroup, Purchase } from '../feature-group';
import { addRecentlyUsed } from '../recently-used';
import { integer, list, record, text } from '../stored/codec';

export interface MerchantUse {
  readonly merchantId: string;
  purchases: number;
  spendMinor: number;
  lastMs: number;
}

export type MerchantUses = MerchantUse[];

/** Bounds a client's state; more merchants than most cards see in half a year. */
export const maximumMerchants = 64;

/** Where the client buys: his merchants, the most recently used ones. */
export const merchantUses: FeatureGroup<MerchantUses> = {
  empty: () => [],
  codec: list(record<MerchantUse>({ merchantId: text, purchases: integer, spendMinor: integer, lastMs: integer })),
  purchased(uses, purchase) {
    if (purchase.merchantId === undefined) return;
    const use = uses.find(({ merchantId }) => merchantId === purchase.merchantId);
    if (use) count(use, purchase);
    else addRecentlyUsed(uses, { merchantId: purchase.merchantId, purchases: 1, spendMinor: purchase.amountMinor, lastMs: purchase.timeMs }, maximumMerchants);
  },
  reversed(uses, { purchase, amountMinor, isWhole }) {
    const row = uses.findIndex(({ merchantId }) => merchantId === purchase.merchantId);
    const use = uses[row];
    if (!use) return;
    use.spendMinor = Math.max(0, use.spendMinor - amountMinor);
    if (isWhole && --use.purchases === 0) uses.splice(row, 1);
  },
  features: [{ name: 'distinctMerchants', type: 'integer', value: (uses) => uses.length }],
};

function count(use: MerchantUse, { amountMinor, timeMs }: Purchase): void {
  use.purchases++;
  use.spendMinor += amountMinor;
  if (timeMs > use.lastMs) use.lastMs = timeMs;
}
