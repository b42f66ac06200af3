import { featureDefinitions, featuresVersion } from '@sp/features';
import { columnStatistics, correlation, rankingPower, type ColumnStatistics } from './column-statistics';

/** Vectors as columns, NaN where a value is missing. */
export interface InsightRows {
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
  /** 1 where the offer was redeemed; absent without outcomes. */
  readonly redeemed: Float64Array | undefined;
  readonly rows: number;
  /** Which rows these are, in words. */
  readonly of: string;
}

export interface FeatureInsight extends ColumnStatistics {
  readonly name: string;
  readonly type: string;
  /** The slice of the client's state, or the pair of client and offer. */
  readonly group: string;
  readonly missingShare: number;
  readonly missingWhen: string | undefined;
  /** With the target; NaN without one. */
  readonly targetCorrelation: number;
  /** Area under the ROC curve of the value alone. */
  readonly targetAuc: number;
  readonly redeemedWhenMissing: number;
  /** The other feature that says most of the same; undefined where nothing correlates at all. */
  readonly closest: { readonly name: string; readonly r: number } | undefined;
  readonly flags: readonly string[];
}

export interface RedundantPair {
  readonly one: string;
  readonly other: string;
  readonly r: number;
}

export interface Insights {
  readonly featuresVersion: string;
  readonly of: string;
  readonly rows: number;
  /** Share of the rows; NaN without a target. */
  readonly redeemedShare: number;
  readonly features: readonly FeatureInsight[];
  /** Pairs that say nearly the same, the strongest first. */
  readonly redundant: readonly RedundantPair[];
}

export const redundantFrom = 0.95;
/** Enough to tell 0.95 from 0.94; all pairs over all rows would take minutes. */
const pairRows = 20_000;
const leastKnownShare = 0.05;
const nearlyConstantShare = 0.99;

/** What is in the features, before anything is learned from them. */
export function insightsOf(data: InsightRows): Insights {
  const pairs = correlatedPairs(data);
  const redundant = pairs.filter(({ r }) => Math.abs(r) > redundantFrom).sort((a, b) => Math.abs(b.r) - Math.abs(a.r));
  const closest = closestOf(pairs);
  const features = data.names.map((name, place) => ({ ...insightOf(name, data.columns[place] ?? new Float64Array(), data, redundant), closest: closest.get(name) }));
  const redeemedShare = data.redeemed && data.rows > 0 ? data.redeemed.reduce((sum, one) => sum + one, 0) / data.rows : NaN;
  return { featuresVersion, of: data.of, rows: data.rows, redeemedShare, features, redundant };
}

function insightOf(name: string, column: Float64Array, { redeemed, rows }: InsightRows, redundant: readonly RedundantPair[]): Omit<FeatureInsight, 'closest'> {
  const definition = featureDefinitions.find((own) => own.name === name);
  const statistics = columnStatistics(column);
  const missing = column.map((value) => (Number.isNaN(value) ? 1 : 0));
  return {
    name, ...statistics, type: definition?.type ?? 'real', group: definition?.group ?? 'pair', missingWhen: definition?.missing,
    missingShare: rows === 0 ? NaN : 1 - statistics.known / rows,
    targetCorrelation: redeemed ? correlation(column, redeemed) : NaN,
    targetAuc: redeemed ? rankingPower(column, redeemed) : NaN,
    redeemedWhenMissing: redeemed ? shareWhere(redeemed, missing) : NaN,
    flags: flagsOf(name, column, statistics, rows, redundant),
  };
}

function shareWhere(target: Float64Array, condition: Float64Array): number {
  let [n, positives] = [0, 0];
  for (let row = 0; row < target.length; row++) {
    if (condition[row] !== 1) continue;
    n++;
    positives += target[row] ?? 0;
  }
  return n === 0 ? NaN : positives / n;
}

function flagsOf(name: string, column: Float64Array, { known, distinct }: ColumnStatistics, rows: number, redundant: readonly RedundantPair[]): string[] {
  const twin = redundant.find(({ other }) => other === name);
  return [
    ...(known === 0 ? ['never known'] : distinct === 1 ? ['constant'] : commonestShare(column) >= nearlyConstantShare ? ['nearly constant'] : []),
    ...(known > 0 && known / rows < leastKnownShare ? ['rarely known'] : []),
    ...(twin ? [`redundant: r ${twin.r.toFixed(3)} with ${twin.one}`] : []),
  ];
}

function commonestShare(column: Float64Array): number {
  const counts = new Map<number, number>();
  for (const value of column) if (!Number.isNaN(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  const known = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [...counts.values()].reduce((most, count) => Math.max(most, count), 0) / known;
}

function knownShare(values: Float64Array): number {
  return values.filter((value) => !Number.isNaN(value)).length / values.length;
}

/** What is rarely known is left out: over a few rows anything correlates. The first of two in the vector's order is kept as the one that the other repeats. */
function correlatedPairs({ names, columns }: InsightRows): RedundantPair[] {
  const told = columns.map((column, place) => ({ name: names[place] ?? '', values: column.subarray(0, pairRows) })).filter(({ values }) => knownShare(values) >= leastKnownShare);
  return told.flatMap((one, place) => told.slice(place + 1).map((other) => ({ one: one.name, other: other.name, r: correlation(one.values, other.values) }))).filter(({ r }) => !Number.isNaN(r));
}

function closestOf(pairs: readonly RedundantPair[]): Map<string, { readonly name: string; readonly r: number }> {
  const closest = new Map<string, { readonly name: string; readonly r: number }>();
  for (const { one, other, r } of pairs) {
    for (const [name, twin] of [[one, other], [other, one]] as const) if (Math.abs(r) > Math.abs(closest.get(name)?.r ?? 0)) closest.set(name, { name: twin, r });
  }
  return closest;
}
