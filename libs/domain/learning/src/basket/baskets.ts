/** Item numbers 0..items-1 that were bought together. */
export type Basket = readonly number[];

/** One client's baskets in order of time. */
export type ClientBaskets = readonly Basket[];

/** A client up to his last basket, and that basket. */
export interface NextBasketTask {
  readonly history: ClientBaskets;
  readonly next: Basket;
}

/** Clients with fewer than two baskets have nothing to be foretold from. */
export function tasksOf(clients: readonly ClientBaskets[]): NextBasketTask[] {
  return clients.filter((baskets) => baskets.length >= 2).map((baskets) => ({ history: baskets.slice(0, -1), next: baskets.at(-1) ?? [] }));
}

/** A score for each item, the higher the likelier; ties go to the smaller number. */
export type ItemScores = Float64Array;

export function topItems(scores: ItemScores, count: number, among?: Iterable<number>): number[] {
  const items = among ? [...among] : scoredItems(scores, count);
  return items.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b).slice(0, count);
}

/** Most items of most clients score nothing: these are sorted only where the others do not suffice. */
function scoredItems(scores: ItemScores, count: number): number[] {
  const scored: number[] = [];
  scores.forEach((score, item) => score > 0 && scored.push(item));
  return scored.length >= count ? scored : [...scores.keys()];
}
