import { likingOf, wayKm } from './clients';
import type { OfferMoment } from './response-rule';
import { usualCheckOf } from './purchases';

/** By the number of hurdles that are not taken. */
const acceptance = [0.62, 0.16, 0.03, 0.004];

/**
 * The rule of the world of habits: hurdles instead of a sum. A discount below the client's own least one moves nothing and a larger one
 * no more than the least; a merchant too far, disliked or too dear in its minimum check is not made good by any discount.
 */
export function thresholdAcceptProbability({ client, merchant, terms, affinity, fatigue, elapsedGaps }: OfferMoment): number {
  const hurdles = [
    terms.discountPercent >= leastDiscountPercent(client.discountSensitivity),
    terms.minimumCheckMinor <= 1.25 * usualCheckOf(client, merchant),
    wayKm(client, merchant) <= (client.hasCar ? 6 : 3),
    likingOf(client, merchant.index) > -1.6,
    affinity > 0.35 && (elapsedGaps ?? 1) > 0.4,
    fatigue < 3.5,
  ];
  return acceptance[hurdles.filter((taken) => !taken).length] ?? 0.001;
}

/** Who minds discounts most is moved by small ones. */
function leastDiscountPercent(sensitivity: number): number {
  return Math.max(3, 16 - 8 * sensitivity);
}
