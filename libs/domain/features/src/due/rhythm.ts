import type { CategoryUse } from '../groups/category-uses';
import { dayMs } from '../time-units';
import { duePolicy } from './due-policy';

/** When the forecast of a category's next purchase opens; undefined without a rhythm, or if it was made for this gap. */
export function forecastOpensMs(use: CategoryUse): number | undefined {
  if (use.purchases < duePolicy.rhythmPurchases || use.gaps < duePolicy.rhythmGaps || use.forecastFromMs === use.lastMs) return undefined;
  const deviationDays = Math.sqrt(use.gapVariance);
  if (deviationDays > duePolicy.mostIrregular * use.gapMeanDays) return undefined;
  return Math.round(use.lastMs + (use.gapMeanDays - duePolicy.leadDeviations * deviationDays) * dayMs);
}

/** From then on the purchase was made elsewhere or not at all: the forecast is void. */
export function forecastClosesMs(use: CategoryUse): number {
  return Math.round(use.lastMs + (use.gapMeanDays + Math.max(Math.sqrt(use.gapVariance), duePolicy.leastWindowDays)) * dayMs);
}
