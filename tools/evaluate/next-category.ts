import type { Trainer } from '@sp/learning';
import { countsByDay, nextCategoryRows, type CategorisedPurchase, type NextCategoryRows } from '@sp/learning';
import { categorisedSets } from './categorised-purchases';
import type { Case, CaseInput, Finding } from './case';

const seed = 7;
/** A small share of the transactions, as in the experiment that this repeats: whole clients, so that their days stay together. */
const shareOfClients = 0.25;
const testShare = 0.3;
const maximumCategories = 12;
const params = { objective: 'multi:softprob', max_depth: 3, eta: 0.1, min_child_weight: 10, subsample: 0.8, colsample_bytree: 0.8, base_score: 0.5 };
const rounds = 40;

/**
 * Which category will the client buy in next? Multi-class boosted trees on transactions resampled by day with counts by category:
 * first the day's counts alone, then with the days before (shift) and moving averages. Later days are the test part.
 */
export const nextCategory: Case = { name: 'next-category', evaluate };

function evaluate(input: CaseInput): readonly Finding[] | undefined {
  const sets = categorisedSets(input);
  if (sets.length === 0) return undefined;
  const { trainer } = input;
  return trainer ? sets.flatMap(({ name, what, purchases }) => judge(`next-category ${name}`, what, purchases, trainer)) : [];
}

function judge(name: string, what: string, purchases: readonly CategorisedPurchase[], trainer: Trainer): Finding[] {
  const clients = [...new Set(purchases.map(({ client }) => client))].sort();
  const kept = new Set(clients.filter((_, place) => place % Math.round(1 / shareOfClients) === 0));
  const days = countsByDay(purchases.filter(({ client }) => kept.has(client)), maximumCategories);
  const [plain, told] = [false, true].map((history) => accuracies(nextCategoryRows(days, { history }), trainer));
  if (!plain || !told || plain.rows < 50) return [];
  const references = { 'counts of the day alone': plain.model, 'majority class': told.majority, 'personal frequency': told.personal };
  return [{
    case: name, metric: 'accuracy', ours: told.model, references, aim: { text: 'above both baselines', met: told.model > Math.max(told.majority, told.personal) },
    note: `${what}, ${days.categories.length} classes; ${plain.rows} later client-days of ${kept.size} of ${clients.length} clients; with shift and moving average`,
  }];
}

function accuracies(all: NextCategoryRows, trainer: Trainer) {
  const order = [...all.labels.keys()].sort((a, b) => (all.days[a] ?? 0) - (all.days[b] ?? 0) || a - b);
  const cut = Math.round(order.length * (1 - testShare));
  const [learn, test] = [order.slice(0, cut), order.slice(cut)];
  const part = (rows: readonly number[]) => ({ features: Float32Array.from(rows.flatMap((row) => [...all.features.subarray(row * all.columns, (row + 1) * all.columns)])), labels: Float32Array.from(rows, (row) => all.labels[row] ?? NaN), rows: rows.length });
  const known = part(learn);
  const later = part(test);
  const booster = trainer.train({ ...known, columns: all.columns, params: { ...params, num_class: all.classes }, rounds, seed });
  const probabilities = booster.predict(later.features, later.rows);
  booster.free();
  const share = (guess: (place: number) => number): number => test.filter((_, place) => guess(place) === later.labels[place]).length / test.length;
  const counts = new Float64Array(all.classes);
  for (const label of known.labels) counts[label] = (counts[label] ?? 0) + 1;
  return {
    rows: test.length, majority: share(() => indexOfMost(counts)), personal: share((place) => all.personal[test[place]!]!),
    model: share((place) => indexOfMost(probabilities.subarray(place * all.classes, (place + 1) * all.classes))),
  };
}

function indexOfMost(values: Float32Array | Float64Array): number {
  return Array.from(values).reduce((best, value, place) => (value > (values[best] ?? -Infinity) ? place : best), 0);
}
