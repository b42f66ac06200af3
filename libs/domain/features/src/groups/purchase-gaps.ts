import type { FeatureGroup } from '../feature-group';
import { dayMs } from '../time-units';
import { integer, optional, real, record } from '../stored/codec';

export interface PurchaseGaps {
  lastMs: number | undefined;
  gaps: number;
  meanDays: number;
  /** Sum of squared differences from the mean (Welford 1962), in days squared. */
  squares: number;
}

/** Time between one purchase and the next. A late purchase splits no gap, a reversed one joins none. */
export const purchaseGaps: FeatureGroup<PurchaseGaps> = {
  empty: () => ({ lastMs: undefined, gaps: 0, meanDays: 0, squares: 0 }),
  codec: record<PurchaseGaps>({ lastMs: optional(integer), gaps: integer, meanDays: real, squares: real }),
  purchased(gaps, { timeMs }) {
    const { lastMs } = gaps;
    if (lastMs !== undefined && timeMs < lastMs) return;
    gaps.lastMs = timeMs;
    if (lastMs !== undefined) addGap(gaps, (timeMs - lastMs) / dayMs);
  },
  features: [
    { name: 'gapMeanDays', type: 'real', missing: 'fewer than 2 purchases', value: ({ gaps, meanDays }) => (gaps < 1 ? NaN : meanDays) },
    { name: 'gapDeviationDays', type: 'real', missing: 'fewer than 3 purchases', value: ({ gaps, squares }) => (gaps < 2 ? NaN : Math.sqrt(squares / (gaps - 1))) },
  ],
};

function addGap(gaps: PurchaseGaps, gapDays: number): void {
  const difference = gapDays - gaps.meanDays;
  gaps.gaps++;
  gaps.meanDays += difference / gaps.gaps;
  gaps.squares += difference * (gapDays - gaps.meanDays);
}
