/**
 * Which of many e-values count, so that at most the share `alpha` of those that do is false, however they depend on each other
 * (Wang and Ramdas 2022). Takes ln e; returns the places of those that count.
 */
export function eBenjaminiHochberg(logE: readonly number[], alpha: number): number[] {
  const order = [...logE.keys()].sort((a, b) => (logE[b] ?? 0) - (logE[a] ?? 0));
  const count = order.findLastIndex((place, rank) => (logE[place] ?? 0) >= Math.log(logE.length / (alpha * (rank + 1)))) + 1;
  return order.slice(0, count).sort((a, b) => a - b);
}
