import { calibrationTable, fitHazard, hazardRows, predictHazard, rocAuc, type CategorisedPurchase, type PurchaseDays } from '@sp/learning';
import { categorisedSets } from './categorised-purchases';
import type { Case, CaseInput, Finding } from './case';

const seed = 7;
const testShare = 0.3;
/** A gap in so few days is no rhythm. */
const leastPurchases = 5;
/** Columns of the hazard's rows that the baseline uses: the logarithm of the client's mean gap. */
const meanGapColumn = 1;

/**
 * When will the client buy in the category again? A hazard for each day since his last purchase there, learned on the earlier days and
 * judged on the later ones, beside the constant rate that his mean gap gives.
 */
export const timing: Case = { name: 'timing', evaluate };

function evaluate(input: CaseInput): readonly Finding[] | undefined {
  const sets = categorisedSets(input);
  return sets.length === 0 ? undefined : sets.flatMap(({ name, what, purchases }) => judge(`timing ${name}`, what, purchases));
}

function judge(name: string, what: string, purchases: readonly CategorisedPurchase[]): Finding[] {
  const days = purchases.map(({ day }) => day);
  const [first, end] = [days.reduce((a, b) => Math.min(a, b), Infinity), days.reduce((a, b) => Math.max(a, b), -Infinity)];
  const cut = Math.round(first + (1 - testShare) * (end - first));
  const rhythms = rhythmsOf(purchases);
  const model = fitHazard(hazardRows(rhythms.map((own) => own.filter((day) => day < cut)), cut - 1), seed);
  const later = hazardRows(rhythms, end, cut);
  if (later.labels.length === 0) return [];
  const predicted = predictHazard(model, later);
  const constant = predicted.map((_, row) => Math.exp(-(later.features[row * later.columns + meanGapColumn] ?? 0)));
  const ours = rocAuc(later.labels, predicted) ?? NaN;
  const baseline = rocAuc(later.labels, constant) ?? NaN;
  const note = `${later.labels.length} later days of ${rhythms.length} pairs of client and ${what}`;
  return [
    { case: name, metric: 'ROC AUC of the day', ours, references: { 'client\'s mean gap': baseline }, aim: { text: 'above the mean gap', met: ours > baseline }, note },
    { case: name, metric: 'calibration gap', ours: calibrationGap(later.labels, predicted), references: { 'client\'s mean gap': calibrationGap(later.labels, constant) }, note: 'mean difference of predicted and observed share, by bins' },
  ];
}

function calibrationGap(labels: Float32Array, predicted: Float32Array): number {
  return calibrationTable(labels, predicted).reduce((sum, { rows, meanProbability, observedShare }) => sum + (rows === 0 ? 0 : (rows / labels.length) * Math.abs((meanProbability ?? 0) - (observedShare ?? 0))), 0);
}

function rhythmsOf(purchases: readonly CategorisedPurchase[]): PurchaseDays[] {
  const days = new Map<string, Set<number>>();
  for (const { client, category, day } of purchases) {
    const own = days.get(`${client} ${category}`) ?? new Set<number>();
    days.set(`${client} ${category}`, own.add(day));
  }
  return [...days.values()].filter(({ size }) => size >= leastPurchases).map((own) => [...own].sort((a, b) => a - b));
}
