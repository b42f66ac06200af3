import type { Figure } from '@sp/contracts';
import { adjustPValues } from './adjust-p-values';
import { unknown, type Estimate, type Interval, type Sample } from './estimate';
import { ratioSample } from './ratio-metric';
import type { PairSums } from './sums';
import { welchDifference } from './welch-difference';

/** One side of a group: rewards and purchases (`y`) an offer or ghost (`x`), summed over clients. */
export interface GroupSide {
  readonly made: number;
  readonly rewards: PairSums;
  readonly purchases: PairSums;
}

export interface IncrementalEstimate {
  readonly rewardAnOfferMinor: Figure;
  readonly rewardAGhostMinor: Figure;
  readonly incrementalMinor: Figure;
  readonly incrementalPurchases: Figure;
  readonly p?: number;
  readonly adjustedP?: number;
}

const z95 = 1.959964;

/**
 * What offers of a group earned beyond what came without them: their mean less that of the ghosts, which the same policy chose for clients who got
 * nothing (ghost ads: Johnson, Lewis, Nubbemeyer 2017). Ratios over clients, so that a client with many offers is one observation; 95 % intervals;
 * p-values corrected over all groups (Holm).
 */
export function incrementalByGroup(groups: readonly { readonly offers: GroupSide; readonly ghosts: GroupSide | undefined }[]): IncrementalEstimate[] {
  const rows = groups.map(({ offers, ghosts }) => compared(offers, ghosts));
  const tested = rows.flatMap(({ p }) => (p === undefined ? [] : [p]));
  const adjusted = adjustPValues(tested, 'holm')[Symbol.iterator]();
  return rows.map((row) => (row.p === undefined ? row : { ...row, adjustedP: adjusted.next().value as number }));
}

function compared(offers: GroupSide, ghosts: GroupSide | undefined): IncrementalEstimate {
  const [treated, control] = [ratioSample(offers.rewards), ghosts ? ratioSample(ghosts.rewards) : unknown('too-few-observations')];
  const difference = differenceOf(control, treated);
  const purchases = differenceOf(ghosts ? ratioSample(ghosts.purchases) : unknown('too-few-observations'), ratioSample(offers.purchases));
  return {
    rewardAnOfferMinor: meanFigure(treated, offers.made), rewardAGhostMinor: meanFigure(control, ghosts?.made ?? 0),
    incrementalMinor: figure(difference, difference.known ? difference.difference : 0, offers.made), incrementalPurchases: figure(purchases, purchases.known ? purchases.difference : 0, offers.made),
    ...(difference.known && { p: difference.p }),
  };
}

function differenceOf(control: Estimate<Sample>, treated: Estimate<Sample>): ReturnType<typeof welchDifference> {
  if (!control.known) return control;
  return treated.known ? welchDifference(control, treated) : treated;
}

function meanFigure(sample: Estimate<Sample>, n: number): Figure {
  if (!sample.known) return { known: false, reason: sample.reason, n };
  const half = z95 * Math.sqrt(sample.variance / sample.n);
  return { known: true, value: sample.mean, low: sample.mean - half, high: sample.mean + half, n };
}

function figure(estimate: Estimate<Interval>, value: number, n: number): Figure {
  return estimate.known ? { known: true, value, low: estimate.low, high: estimate.high, n } : { known: false, reason: estimate.reason, n };
}
