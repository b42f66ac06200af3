import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Booster, Trainer } from '../trainer';
import { tasksOf, topItems, type ClientBaskets } from './baskets';
import { globalFrequency } from './frequency';
import { blend, DEFAULT_NEIGHBOURS, NeighbourIndex, type NeighbourOptions } from './neighbours';
import { PAIR_FEATURES, pairLabels, pairsOf, rebuyShares, type ClientPairs, type ItemKnowledge } from './pair-table';
import { rankingMetrics } from './ranking-metrics';
import { Transitions } from './transitions';

export interface BasketTraining {
  readonly trainer: Trainer;
  readonly clients: readonly ClientBaskets[];
  readonly items: number;
  readonly options: NeighbourOptions;
  readonly seed: number;
  /** More clients teach little and cost much. */
  readonly maximumClients?: number;
}

/** Ranks items for a client by the boosted model; whoever gets one must free it. */
export interface BasketModel {
  rank(history: ClientBaskets, count: number): number[];
  free(): void;
}

const PARAMS = { max_depth: 6, eta: 0.08, min_child_weight: 10, subsample: 0.8, colsample_bytree: 0.8, lambda: 1 };
const ROUNDS = 120;

/**
 * Boosted trees over pairs of a client and an item that may come next: one model for all items, so that rare ones borrow from the
 * others, where a class for each item would need hundreds of trees a round. Learned from each training client's last basket.
 */
export function trainBasket({ trainer, clients, items, options, seed, maximumClients = 4_000 }: BasketTraining): BasketModel {
  const knowledge: ItemKnowledge = {
    global: globalFrequency(clients, items), rebuy: rebuyShares(clients, items), index: new NeighbourIndex(clients, items, options), transitions: new Transitions(clients.map((baskets) => baskets.slice(0, -1)), items), options,
  };
  const globalBest = topItems(knowledge.global, 100);
  const learned = drawClients(clients, maximumClients, seed).map((client) => {
    const baskets = clients[client]!;
    const pairs = pairsOf(baskets.slice(0, -1), knowledge, globalBest, client);
    return { pairs, labels: pairLabels(pairs, baskets.at(-1) ?? []) };
  });
  const booster = grow(trainer, learned, seed);
  return {
    rank: (history, count) => rankPairs(booster, pairsOf(history, knowledge, globalBest), count),
    free: () => booster.free(),
  };
}

/** The decays and the own share with the best recall at 10 for some of the training clients' last baskets. */
export function searchNeighbours(clients: readonly ClientBaskets[], items: number, seed: number, tried = 400): NeighbourOptions {
  const drawn = drawClients(clients, tried, seed);
  const tasks = tasksOf(drawn.map((client) => clients[client]!));
  let best = { recall: -1, options: DEFAULT_NEIGHBOURS };
  for (const [basketDecay, groupDecay] of [[0.9, 0.7], [1, 0.9], [0.6, 0.9], [0.8, 0.6]] as const) {
    const options = { ...DEFAULT_NEIGHBOURS, basketDecay, groupDecay };
    const index = new NeighbourIndex(clients, items, options);
    const parts = tasks.map(({ history }, place) => index.scores(history, drawn[place]));
    for (const ownShare of [0.3, 0.5, 0.7, 0.9]) {
      const rankings = parts.map((part) => topItems(blend(part, ownShare), 10));
      const { recall } = rankingMetrics(rankings, tasks.map(({ next }) => next), 10);
      if (recall > best.recall) best = { recall, options: { ...options, ownShare } };
    }
  }
  return best.options;
}

/** Numbers of clients with a basket to foretell, at most so many; the same for the same seed. */
function drawClients(clients: readonly ClientBaskets[], count: number, seed: number): number[] {
  const usable = [...clients.keys()].filter((client) => (clients[client]?.length ?? 0) >= 2);
  const random = xoroshiro128plus(seed);
  for (let end = usable.length - 1; end > 0; end -= 1) {
    const chosen = uniformInt(random, 0, end);
    [usable[end], usable[chosen]] = [usable[chosen]!, usable[end]!];
  }
  return usable.slice(0, count);
}

function grow(trainer: Trainer, learned: readonly { readonly pairs: ClientPairs; readonly labels: Float32Array }[], seed: number): Booster {
  const rows = learned.reduce((sum, { labels }) => sum + labels.length, 0);
  const columns = PAIR_FEATURES.length;
  const features = new Float32Array(rows * columns);
  const labels = new Float32Array(rows);
  let row = 0;
  for (const one of learned) {
    features.set(one.pairs.features, row * columns);
    labels.set(one.labels, row);
    row += one.labels.length;
  }
  return trainer.train({ features, rows, columns, labels, params: PARAMS, rounds: ROUNDS, seed });
}

function rankPairs(booster: Booster, { items, features }: ClientPairs, count: number): number[] {
  const scores = booster.predict(features, items.length);
  return [...items.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b).slice(0, count).map((place) => items[place]!);
}
