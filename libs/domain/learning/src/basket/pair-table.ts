import type { Basket, ClientBaskets } from './baskets';
import { topItems } from './baskets';
import { blend, type NeighbourIndex, type NeighbourOptions } from './neighbours';
import type { Transitions } from './transitions';

/** What is known of the items before any client is looked at; learned from the training clients. */
export interface ItemKnowledge {
  readonly global: Float64Array;
  /** Share of an item's buyers that bought it again. */
  readonly rebuy: Float64Array;
  readonly index: NeighbourIndex;
  readonly transitions: Transitions;
  readonly options: NeighbourOptions;
}

export const PAIR_FEATURES = [
  'own count', 'own share', 'decayed 0.9', 'decayed 0.6', 'baskets since', 'mean gap', 'since over gap', 'in last', 'in last three', 'lag 1 to 4', 'moving average 5',
  'own timed', 'neighbours', 'blend', 'blend place', 'global', 'rebuy', 'transition', 'client baskets', 'client basket size', 'client distinct', 'client repeats',
] as const;

export interface ClientPairs {
  readonly items: readonly number[];
  /** Row-major, one row an item. */
  readonly features: Float32Array;
}

/** Items that may come next are few: the client's own, the neighbours' best, the most frequent ones. */
const NEIGHBOURS_BEST = 40;
const GLOBAL_BEST = 30;

/** One row for each pair of the client and an item that may come next, by lags, moving averages, recency, gaps, own and global frequency and neighbours. */
export function pairsOf(history: ClientBaskets, knowledge: ItemKnowledge, globalBest: readonly number[], leaveOut = -1): ClientPairs {
  const { index, options } = knowledge;
  const parts = index.scores(history, leaveOut);
  const blended = blend(parts, options.ownShare);
  const candidates = new Set([...history.flat(), ...topItems(blended, NEIGHBOURS_BEST), ...globalBest.slice(0, GLOBAL_BEST)]);
  const items = topItems(blended, candidates.size, candidates);
  const client = clientFigures(history);
  const features = new Float32Array(items.length * PAIR_FEATURES.length);
  items.forEach((item, place) => {
    const row = [
      ...ownFigures(history, item), parts.own[item] ?? 0, parts.neighbours[item] ?? 0, blended[item] ?? 0, place,
      knowledge.global[item] ?? 0, knowledge.rebuy[item] ?? 0, knowledge.transitions.chance(history.at(-1) ?? [], item), ...client,
    ];
    features.set(row, place * PAIR_FEATURES.length);
  });
  return { items, features };
}

/** For each item, the share of its buyers that came back for it. */
export function rebuyShares(clients: readonly ClientBaskets[], items: number): Float64Array {
  const buyers = new Float64Array(items);
  const again = new Float64Array(items);
  for (const baskets of clients) {
    const counts = new Map<number, number>();
    for (const item of baskets.flat()) counts.set(item, (counts.get(item) ?? 0) + 1);
    for (const [item, count] of counts) {
      buyers[item] = (buyers[item] ?? 0) + 1;
      again[item] = (again[item] ?? 0) + Number(count > 1);
    }
  }
  return buyers.map((count, item) => ((again[item] ?? 0) + 0.5) / (count + 5));
}

function ownFigures(history: ClientBaskets, item: number): number[] {
  const held = history.map((basket) => Number(basket.includes(item)));
  const backs = held.toReversed();
  const count = held.reduce((sum, one) => sum + one, 0);
  const decayed = (rate: number): number => backs.reduce((sum, one, back) => sum + one * rate ** back, 0);
  const since = count === 0 ? NaN : backs.indexOf(1);
  const first = held.indexOf(1);
  const gap = count < 2 ? NaN : (held.lastIndexOf(1) - first) / (count - 1);
  const lags = backs.slice(0, 4).reduce((bits, one, back) => bits + one * 2 ** (3 - back), 0);
  const recent = backs.slice(0, 5);
  return [count, count / history.length, decayed(0.9), decayed(0.6), since, gap, (since + 1) / gap, backs[0] ?? 0, backs.slice(0, 3).reduce((a, b) => a + b, 0), lags, recent.reduce((a, b) => a + b, 0) / Math.max(1, recent.length)];
}

function clientFigures(history: ClientBaskets): number[] {
  const all = history.flat();
  const distinct = new Set(all).size;
  return [history.length, all.length / history.length, distinct, 1 - distinct / Math.max(1, all.length)];
}

/** 1 where the item is in the basket. */
export function pairLabels({ items }: ClientPairs, next: Basket): Float32Array {
  const truth = new Set(next);
  return Float32Array.from(items, (item) => Number(truth.has(item)));
}
