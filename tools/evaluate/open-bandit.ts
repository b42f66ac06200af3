import { doublyRobustValue, inversePropensityValue, selfNormalisedValue, type LoggedRewards, type OffPolicyValue } from '@sp/experiments';
import type { Case, CaseInput, Finding } from './case';
import { csvRows, hasColumns, type PublicFile } from './public-files';

interface LoggedClick {
  readonly item: number;
  readonly position: string;
  readonly click: number;
  readonly propensity: number;
}

/** More is cut: the heaviest weights belong to items that one of the policies nearly never shows. */
const maximumWeight = 20;
/** Pretended views at the overall rate, so that an item without a click is not worth exactly nothing. */
const priorViews = 200;

/**
 * Off-policy estimators on the Open Bandit Data (Saito and others 2020): the mean clicks of one logging policy, estimated from the
 * log of the other, beside its own mean. The uniform policy's action probabilities are known; those of Thompson sampling are its
 * shares of items by position in its own log (no click is looked at), since the log holds only the chosen item's.
 */
export const openBandit: Case = { name: 'open-bandit', evaluate };

function evaluate({ files, history }: CaseInput): readonly Finding[] | undefined {
  const logs = files.filter((file) => hasColumns(file, 'item_id', 'position', 'click', 'propensity_score'));
  const others = history.filter((file) => hasColumns(file, 'item_id', 'position', 'click', 'propensity_score'));
  if (logs.length === 0) return undefined;
  const [uniform, thompson] = [(file: PublicFile) => /random|uniform/i.test(file.path), (file: PublicFile) => /bts|thompson/i.test(file.path)].map((is) => {
    const own = logs.filter(is);
    return (own.length > 0 ? own : others.filter(is)).flatMap(readLog);
  });
  if (!uniform?.length || !thompson?.length) return [{ case: 'open-bandit', metric: 'both policies needed', ours: NaN, references: {}, note: 'only one policy\'s log was found: give the other one with --history' }];
  const items = 1 + Math.max(...uniform.map(({ item }) => item));
  return [...compare('Thompson\'s log, uniform policy', thompson, uniform, () => 1 / items, items), ...compare('uniform log, Thompson\'s policy', uniform, thompson, sharesOf(thompson), items)];
}

function readLog(file: PublicFile): LoggedClick[] {
  return csvRows(file).map((row) => ({ item: Number(row['item_id']), position: row['position'] ?? '', click: Number(row['click']), propensity: Number(row['propensity_score']) }));
}

type ActionProbability = (item: number, position: string) => number;

function sharesOf(log: readonly LoggedClick[]): ActionProbability {
  const counts = new Map<string, number>();
  const totals = new Map<string, number>();
  for (const { item, position } of log) {
    counts.set(`${item} ${position}`, (counts.get(`${item} ${position}`) ?? 0) + 1);
    totals.set(position, (totals.get(position) ?? 0) + 1);
  }
  return (item, position) => (counts.get(`${item} ${position}`) ?? 0) / (totals.get(position) ?? 1);
}

function compare(name: string, log: readonly LoggedClick[], own: readonly LoggedClick[], target: ActionProbability, items: number): Finding[] {
  const rewards = Float64Array.from(log, ({ click }) => click);
  const rows: LoggedRewards = { rewards, weights: Float64Array.from(log, ({ item, position, propensity }) => target(item, position) / propensity) };
  const truth = inversePropensityValue({ rewards: Float64Array.from(own, ({ click }) => click), weights: new Float64Array(own.length).fill(1) });
  const naive = rewards.reduce((sum, click) => sum + click, 0) / rewards.length;
  const estimates = { IPS: inversePropensityValue(rows), 'IPS, clipped': inversePropensityValue(rows, { maximumWeight }), SNIPS: selfNormalisedValue(rows), DR: doublyRobustValue(rows, crossFitted(log, target, items), { maximumWeight }) };
  return Object.entries(estimates).map(([estimator, estimate]) => finding(`open-bandit: ${name}`, estimator, { estimate, truth, naive }));
}

function finding(name: string, estimator: string, { estimate, truth, naive }: { readonly estimate: OffPolicyValue; readonly truth: OffPolicyValue; readonly naive: number }): Finding {
  // Both figures are estimates of some dozens of clicks: they agree when their difference is within its own 95 % interval.
  const met = Math.abs(estimate.value - truth.value) <= 1.96 * Math.hypot(estimate.standardError, truth.standardError);
  const percent = (value: number): string => (100 * value).toFixed(2);
  return {
    case: name, metric: `clicks a view, ${estimator}`, ours: estimate.value, references: { 'its own mean': truth.value, 'log\'s own mean': naive },
    aim: { text: 'agrees within 95 %', met },
    note: `${percent(estimate.low)} to ${percent(estimate.high)} %, own ${percent(truth.low)} to ${percent(truth.high)} %; ${Math.round(estimate.effectiveRows)} effective rows, ${(100 * estimate.clippedShare).toFixed(1)} % clipped`,
  };
}

/** Click rates by item and position, shrunk to the overall rate, each row by the half of the log that it is not in. */
function crossFitted(log: readonly LoggedClick[], target: ActionProbability, items: number) {
  const positions = [...new Set(log.map(({ position }) => position))];
  const halves = [0, 1].map((half) => rewardRates(log.filter((_, row) => row % 2 !== half)));
  const means = halves.map((rate) => new Map(positions.map((position) => [position, Array.from({ length: items }, (_, item) => target(item, position) * rate(item, position)).reduce((a, b) => a + b, 0)])));
  return {
    logged: Float64Array.from(log, ({ item, position }, row) => halves[row % 2]?.(item, position) ?? NaN),
    target: Float64Array.from(log, ({ position }, row) => means[row % 2]?.get(position) ?? NaN),
  };
}

function rewardRates(log: readonly LoggedClick[]): ActionProbability {
  const overall = log.reduce((sum, { click }) => sum + click, 0) / log.length;
  const sums = new Map<string, { clicks: number; views: number }>();
  for (const { item, position, click } of log) {
    const sum = sums.get(`${item} ${position}`) ?? { clicks: 0, views: 0 };
    sums.set(`${item} ${position}`, { clicks: sum.clicks + click, views: sum.views + 1 });
  }
  return (item, position) => {
    const { clicks, views } = sums.get(`${item} ${position}`) ?? { clicks: 0, views: 0 };
    return (clicks + priorViews * overall) / (views + priorViews);
  };
}
