import type { ClientBaskets, ItemScores } from './baskets';

/** Weights of TIFUKNN (Hu, He, Gao, Zhang 2020, "Modeling Personalized Item Frequency Information for Next-basket Recommendation"). */
export interface NeighbourOptions {
  /** Baskets are dealt into so many groups of time. */
  readonly groups: number;
  /** A basket counts so much of the next one in its group. */
  readonly basketDecay: number;
  readonly groupDecay: number;
  readonly neighbours: number;
  /** Share of the client's own vector; the neighbours have the rest. */
  readonly ownShare: number;
}

export const DEFAULT_NEIGHBOURS: NeighbourOptions = { groups: 7, basketDecay: 0.9, groupDecay: 0.7, neighbours: 300, ownShare: 0.7 };

/** Item numbers and their weights; the others weigh nothing. */
export interface SparseVector {
  readonly items: Uint32Array;
  readonly weights: Float64Array;
  readonly squares: number;
}

/** Frequency of each item with later baskets counting more, in two steps: within a group of baskets, and among groups. */
export function timedFrequency(history: ClientBaskets, { groups, basketDecay, groupDecay }: NeighbourOptions): SparseVector {
  const sums = new Map<number, number>();
  const perGroup = Math.ceil(history.length / groups);
  const used = Math.ceil(history.length / Math.max(1, perGroup));
  history.forEach((basket, place) => {
    // Counted from the end, so that the latest group is a full one.
    const back = history.length - 1 - place;
    const group = Math.floor(back / perGroup);
    const size = Math.min(perGroup, history.length - group * perGroup);
    const weight = (basketDecay ** (back % perGroup) / size) * (groupDecay ** group / used);
    for (const item of basket) sums.set(item, (sums.get(item) ?? 0) + weight);
  });
  const weights = Float64Array.from(sums.values());
  return { items: Uint32Array.from(sums.keys()), weights, squares: weights.reduce((sum, weight) => sum + weight * weight, 0) };
}

/** Clients by item, so that only those are met who share one. */
export class NeighbourIndex {
  readonly #clients: readonly SparseVector[];
  readonly #postings = new Map<number, { readonly client: number; readonly weight: number }[]>();

  constructor(
    clients: readonly ClientBaskets[],
    private readonly items: number,
    private readonly options: NeighbourOptions,
  ) {
    this.#clients = clients.map((baskets) => timedFrequency(baskets, options));
    this.#clients.forEach((vector, client) => vector.items.forEach((item, place) => this.#post(item, client, vector.weights[place] ?? 0)));
  }

  /** Own and neighbours' part of the scores; `leaveOut` is the client's own number where he is in the index. */
  scores(history: ClientBaskets, leaveOut = -1): { readonly own: ItemScores; readonly neighbours: ItemScores } {
    const vector = timedFrequency(history, this.options);
    const own = new Float64Array(this.items);
    vector.items.forEach((item, place) => (own[item] = vector.weights[place] ?? 0));
    const neighbours = new Float64Array(this.items);
    const nearest = this.#nearest(vector, leaveOut);
    for (const client of nearest) {
      const { items, weights } = this.#clients[client]!;
      items.forEach((item, place) => (neighbours[item] = (neighbours[item] ?? 0) + (weights[place] ?? 0) / nearest.length));
    }
    return { own, neighbours };
  }

  #post(item: number, client: number, weight: number): void {
    const posting = this.#postings.get(item);
    if (posting) posting.push({ client, weight });
    else this.#postings.set(item, [{ client, weight }]);
  }

  /** By Euclidean distance among the clients that share an item. */
  #nearest(vector: SparseVector, leaveOut: number): Uint32Array {
    const dots = new Float64Array(this.#clients.length);
    vector.items.forEach((item, place) => {
      for (const { client, weight } of this.#postings.get(item) ?? []) dots[client] = (dots[client] ?? 0) + weight * (vector.weights[place] ?? 0);
    });
    const met = Uint32Array.from(dots.keys()).filter((client) => (dots[client] ?? 0) > 0 && client !== leaveOut);
    const distances = dots.map((dot, client) => (this.#clients[client]?.squares ?? 0) - 2 * dot);
    return met.sort((a, b) => (distances[a] ?? 0) - (distances[b] ?? 0) || a - b).slice(0, this.options.neighbours);
  }
}

/** Both parts together, as TIFUKNN ranks. */
export function blend({ own, neighbours }: { readonly own: ItemScores; readonly neighbours: ItemScores }, ownShare: number): ItemScores {
  return own.map((score, item) => ownShare * score + (1 - ownShare) * (neighbours[item] ?? 0));
}
