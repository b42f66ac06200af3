import type { FeatureGroup, Purchase } from '../feature-group';
import { addRecentlyUsed } from '../recently-used';
import { dayMs, hourMs } from '../time-units';
import { integer, list, optional, real, record } from '../stored/codec';

export interface CategoryUse {
  readonly mcc: number;
  purchases: number;
  spendMinor: number;
  lastMs: number;
  /** Gaps between visits that the mean and variance below have seen. */
  gaps: number;
  gapMeanDays: number;
  gapVariance: number;
  /** The `lastMs` from which a forecast was already made: one forecast a gap. */
  forecastFromMs: number | undefined;
}

export type CategoryUses = CategoryUse[];

/** Bounds a client's state. */
export const maximumCategories = 32;
/** Two purchases closer than this are one visit: the second desk of a store says nothing of the rhythm. */
const sameVisitHours = 6;
/** Weight of the newest gap once there are enough of them; the last 5 or so decide. Chosen, not fitted. */
const newestGapWeight = 0.3;

/** What the client buys, and in which rhythm: his merchant categories, the most recently used ones. */
export const categoryUses: FeatureGroup<CategoryUses> = {
  empty: () => [],
  codec: list(record<CategoryUse>({
    mcc: integer, purchases: integer, spendMinor: integer, lastMs: integer, gaps: integer, gapMeanDays: real, gapVariance: real, forecastFromMs: optional(integer),
  })),
  purchased(uses, purchase) {
    if (purchase.mcc === undefined) return;
    const use = uses.find(({ mcc }) => mcc === purchase.mcc);
    if (use) count(use, purchase);
    else addRecentlyUsed(uses, firstUse(purchase.mcc, purchase), maximumCategories);
  },
  reversed(uses, { purchase, amountMinor, isWhole }) {
    const row = uses.findIndex(({ mcc }) => mcc === purchase.mcc);
    const use = uses[row];
    if (!use) return;
    use.spendMinor = Math.max(0, use.spendMinor - amountMinor);
    if (isWhole && --use.purchases === 0) uses.splice(row, 1);
  },
  features: [{ name: 'distinctCategories', type: 'integer', value: (uses) => uses.length }],
};

function firstUse(mcc: number, { amountMinor, timeMs }: Purchase): CategoryUse {
  return { mcc, purchases: 1, spendMinor: amountMinor, lastMs: timeMs, gaps: 0, gapMeanDays: 0, gapVariance: 0, forecastFromMs: undefined };
}

function count(use: CategoryUse, { amountMinor, timeMs }: Purchase): void {
  use.purchases++;
  use.spendMinor += amountMinor;
  if (timeMs <= use.lastMs) return;
  if (timeMs - use.lastMs >= sameVisitHours * hourMs) addGap(use, (timeMs - use.lastMs) / dayMs);
  use.lastMs = timeMs;
}

/** Exponentially weighted mean and variance (West 1979); a plain mean until the newest gap's weight is reached. */
function addGap(use: CategoryUse, gapDays: number): void {
  use.gaps++;
  const weight = Math.max(newestGapWeight, 1 / use.gaps);
  const difference = gapDays - use.gapMeanDays;
  const step = weight * difference;
  use.gapMeanDays += step;
  use.gapVariance = use.gaps === 1 ? 0 : (1 - weight) * (use.gapVariance + difference * step);
}
