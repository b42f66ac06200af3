import { applyCalibration, learnCalibration, UNCHANGED, type Calibration } from '../pipeline/calibrate';
import { fitLogistic, predictLinear, type LinearModel } from '../pipeline/logistic-regression';
import { assignStratifiedFolds, rowsOfFold } from '../stratified-folds';
import { takeValues } from '../examples';

/** Days, as whole numbers in order, on which one client bought in one category. */
export type PurchaseDays = readonly number[];

export interface HazardModel {
  readonly linear: LinearModel;
  readonly calibration: Calibration;
  readonly maximumDays: number;
}

export interface HazardRows {
  readonly features: Float32Array;
  readonly columns: number;
  /** 1 where the purchase came on this day. */
  readonly labels: Float32Array;
}

/** A gap is followed for so many days; what has not come by then is left open. */
const MAXIMUM_DAYS = 60;
/** Gaps that are learned from have at least so many purchases before them, so that the client has a rhythm. */
const LEAST_PURCHASES = 2;
const RIDGE = 1;

/**
 * Discrete-time hazard (Cox 1972; Singer and Willett 1993): each day after a purchase is a row, and asks whether the next one comes
 * today, given that it has not come yet. The last gap ends at `endDay` without a purchase (censored), which the rows carry by themselves.
 * With `fromDay` only the days from it on are rows; what came before is known.
 */
export function hazardRows(clients: readonly PurchaseDays[], endDay: number, fromDay = -Infinity): HazardRows {
  const rows: number[][] = [];
  const labels: number[] = [];
  for (const days of clients) {
    for (let last = LEAST_PURCHASES - 1; last < days.length; last += 1) {
      const next = days[last + 1];
      const until = Math.min(MAXIMUM_DAYS, (next ?? endDay) - (days[last] ?? 0));
      for (let elapsed = 1; elapsed <= until; elapsed += 1) {
        if ((days[last] ?? 0) + elapsed < fromDay) continue;
        rows.push(hazardFeatures(days.slice(0, last + 1), (days[last] ?? 0) + elapsed));
        labels.push(Number((days[last] ?? 0) + elapsed === next));
      }
    }
  }
  return { features: Float32Array.from(rows.flat()), columns: rows[0]?.length ?? 0, labels: Float32Array.from(labels) };
}

/** What is known before the day: how long it has been, against the client's own rhythm; the weekday, and his habit for it. */
function hazardFeatures(past: PurchaseDays, day: number): number[] {
  const gaps = past.slice(1).map((to, place) => to - (past[place] ?? 0));
  const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
  const spread = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  const elapsed = day - (past.at(-1) ?? 0);
  const over = elapsed / mean;
  const sameWeekday = past.filter((one) => (day - one) % 7 === 0).length / past.length;
  const longerGaps = gaps.filter((gap) => gap >= elapsed).length;
  const ownHazard = (gaps.filter((gap) => gap === elapsed).length + 0.5) / (longerGaps + 5);
  return [Math.log(elapsed), Math.log(mean), Math.min(4, over), Math.min(4, over) ** 2, Math.min(3, spread / mean), sameWeekday, ownHazard, Number(elapsed % 7 === 0), ...[0, 1, 2, 3, 4, 5].map((weekday) => Number(day % 7 === weekday))];
}

/** Logistic regression over the rows, calibrated on folds that it did not see. */
export function fitHazard({ features, columns, labels }: HazardRows, seed: number, folds = 3): HazardModel {
  const fit = (rows: Uint32Array): LinearModel => fitLogistic({ features: rowsOf(features, columns, rows), rows: rows.length, columns, labels: takeValues(labels, rows), ridge: RIDGE });
  const assigned = assignStratifiedFolds(labels, folds, seed);
  const outOfFold = new Float32Array(labels.length);
  for (let fold = 0; fold < folds; fold += 1) {
    const { inside, outside } = rowsOfFold(assigned, fold);
    const predicted = predictLinear(fit(outside), rowsOf(features, columns, inside), inside.length);
    inside.forEach((row, place) => (outOfFold[row] = predicted[place] ?? NaN));
  }
  const all = fit(Uint32Array.from(labels.keys()));
  return { linear: all, calibration: labels.length === 0 ? UNCHANGED : learnCalibration(labels, outOfFold), maximumDays: MAXIMUM_DAYS };
}

/** P(the next purchase comes on each of the `days` days from `fromDay` on), given that it has not come before; they sum up to 1 at most. */
export function nextPurchaseChances({ linear, calibration }: HazardModel, past: PurchaseDays, fromDay: number, days: number): Float64Array {
  const rows = Float32Array.from(Array.from({ length: days }, (_, ahead) => hazardFeatures(past, fromDay + ahead)).flat());
  const hazards = applyCalibration(calibration, predictLinear(linear, rows, days));
  let surviving = 1;
  return Float64Array.from(hazards, (hazard) => {
    const chance = surviving * hazard;
    surviving -= chance;
    return chance;
  });
}

/** Each row's hazard, to be judged on rows that were not learned from. */
export function predictHazard({ linear, calibration }: HazardModel, { features, labels }: HazardRows): Float32Array {
  return applyCalibration(calibration, predictLinear(linear, features, labels.length));
}

function rowsOf(features: Float32Array, columns: number, rows: Uint32Array): Float32Array {
  const taken = new Float32Array(rows.length * columns);
  rows.forEach((row, place) => taken.set(features.subarray(row * columns, (row + 1) * columns), place * columns));
  return taken;
}
