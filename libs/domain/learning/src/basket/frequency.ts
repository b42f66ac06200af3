import type { ClientBaskets, ItemScores } from './baskets';

/** Share of all baskets that hold the item. */
export function globalFrequency(clients: readonly ClientBaskets[], items: number): ItemScores {
  const scores = new Float64Array(items);
  let baskets = 0;
  for (const basket of clients.flat()) {
    baskets += 1;
    for (const item of basket) scores[item] = (scores[item] ?? 0) + 1;
  }
  return scores.map((count) => count / Math.max(1, baskets));
}

/** In how many of the client's baskets the item was. */
export function personalFrequency(history: ClientBaskets, items: number): ItemScores {
  const scores = new Float64Array(items);
  for (const basket of history) for (const item of basket) scores[item] = (scores[item] ?? 0) + 1;
  return scores;
}

/** The client's own items by frequency, then the rest by global frequency: the baseline that is hard to beat (Li and others 2023). */
export function personalThenGlobal(personal: ItemScores, global: ItemScores): ItemScores {
  return personal.map((count, item) => count + (global[item] ?? 0) * 0.5);
}
