import type { Basket } from './baskets';

export interface RankingMetrics {
  /** Share of the basket's items that are among the first k, averaged over the clients. */
  readonly recall: number;
  /** Discounted gain over that of the best order; normalised by the whole basket, also where it is larger than k. */
  readonly ndcg: number;
  /** Share of the clients of whom at least one item is found. */
  readonly hitRate: number;
}

export function rankingMetrics(rankings: readonly (readonly number[])[], truths: readonly Basket[], k: number): RankingMetrics {
  const sums = { recall: 0, ndcg: 0, hitRate: 0 };
  rankings.forEach((ranking, client) => {
    const truth = new Set(truths[client]);
    const gains = ranking.slice(0, k).map((item, place) => (truth.has(item) ? 1 / Math.log2(place + 2) : 0));
    const hits = gains.filter((gain) => gain > 0).length;
    const ideal = Array.from({ length: truth.size }, (_, place) => 1 / Math.log2(place + 2)).reduce((a, b) => a + b, 0);
    sums.recall += hits / truth.size;
    sums.ndcg += gains.reduce((a, b) => a + b, 0) / ideal;
    sums.hitRate += Number(hits > 0);
  });
  return { recall: sums.recall / rankings.length, ndcg: sums.ndcg / rankings.length, hitRate: sums.hitRate / rankings.length };
}
