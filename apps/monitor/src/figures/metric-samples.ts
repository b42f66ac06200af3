import type { ArmMetricSums } from '@sp/clickhouse';
import { experimentMetricNames, type ExperimentMetricName } from '@sp/contracts';
import { cupedArms, ratioSample, sampleOf, sampleOfProportion, type ArmMetric, type Estimate, type PairSums, type Sample } from '@sp/experiments';

/** What the weeks before the epoch make of capped spend, arm by arm. */
export interface AdjustedSpend {
  readonly samples: ReadonlyMap<string, Sample>;
  readonly varianceReduction: number;
}

/** Undefined where nothing was spent before the epoch, as in one that is as old as the data. */
export function adjustedSpend(sums: readonly ArmMetricSums[]): AdjustedSpend | undefined {
  if (sums.every(({ before }) => before === 0)) return undefined;
  const adjusted = cupedArms(sums.map(pairOf), (samples, _, varianceReduction) => ({ samples: new Map(sums.map(({ arm }, place) => [arm, samples[place]!])), varianceReduction }));
  return adjusted.known ? adjusted : undefined;
}

/** Spend a client in the weeks before. */
export function sampleBefore({ n, before, beforeSquared }: ArmMetricSums): Sample {
  return sampleOf({ n, sum: before, sumSquares: beforeSquared });
}

/** Metric by metric, arm by arm; of the named metrics, or of all. */
export function metricsOf(sums: readonly ArmMetricSums[], wanted: readonly ExperimentMetricName[] = experimentMetricNames): ArmMetric[] {
  const adjusted = adjustedSpend(sums);
  const metrics = wanted.filter((metric) => metric !== 'spend-adjusted' || adjusted !== undefined);
  return metrics.flatMap((metric) => sums.map((row) => ({ metric, arm: row.arm, sample: metric === 'spend-adjusted' ? known(adjusted!.samples.get(row.arm)!) : sampleOfMetric[metric](row) })));
}

const known = (sample: Sample): Estimate<Sample> => ({ known: true, ...sample });

const sampleOfMetric: Readonly<Record<Exclude<ExperimentMetricName, 'spend-adjusted'>, (row: ArmMetricSums) => Estimate<Sample>>> = {
  'spend': (row) => known(sampleOf({ n: row.n, sum: row.net, sumSquares: row.netSquared })),
  'spend-capped': (row) => known(sampleOf({ n: row.n, sum: row.capped, sumSquares: row.cappedSquared })),
  'frequency': (row) => known(sampleOf({ n: row.n, sum: row.purchases, sumSquares: row.purchasesSquared })),
  'average-check': (row) => ratioSample({ n: row.n, sumY: row.spend, sumYY: row.spendSquared, sumX: row.purchases, sumXX: row.purchasesSquared, sumXY: row.spendTimesPurchases }),
  'margin': (row) => known(sampleOf({ n: row.n, sum: row.margin, sumSquares: row.marginSquared })),
  'offer-margin': (row) => known(sampleOf({ n: row.n, sum: row.offerMargin, sumSquares: row.offerMarginSquared })),
  'active-weeks': (row) => known(sampleOf({ n: row.n, sum: row.activeWeeks, sumSquares: row.activeWeeksSquared })),
  'opt-outs': (row) => known(sampleOfProportion({ n: row.n, successes: row.optedOut })),
};

function pairOf({ n, capped, cappedSquared, before, beforeSquared, cappedTimesBefore }: ArmMetricSums): PairSums {
  return { n, sumY: capped, sumYY: cappedSquared, sumX: before, sumXX: beforeSquared, sumXY: cappedTimesBefore };
}
