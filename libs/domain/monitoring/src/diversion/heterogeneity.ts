/** What became of a merchant's visits with an offer. */
export interface MerchantCounts {
  /** Calibrated, of all merchants together. */
  readonly probability: number;
  readonly visits: number;
  readonly converted: number;
}

export interface Heterogeneity {
  /** Standard deviation, in logits, by which honest merchants differ. */
  readonly logits: number;
  /** Where the likelihood is within 1.92 of its greatest: 95 %. */
  readonly low: number;
  readonly high: number;
}

/** Evenly over the normal, since a merchant with many visits is known better than a few nodes lie apart. */
const nodes = Array.from({ length: 41 }, (_, place) => (place - 20) * 0.2);
const weights = nodes.map((node) => (0.2 * Math.exp((-node * node) / 2)) / Math.sqrt(2 * Math.PI));
const step = 0.05;
const most = 2;
/** So many merchants may divert; they do not count as honest ones of another kind. */
const diverters = 0.05;
const divertedShares = [0.4, 0.6, 0.8];
const ln95 = 1.92;

/**
 * By how much do honest merchants differ from the calibrated probability? Greatest likelihood of a normal in logits around it, binomial counts
 * (a logit-normal cousin of the beta-binomial), with a few diverters among them so that those do not pass for variety. Undefined
 * below ten merchants.
 */
export function estimateHeterogeneity(merchants: readonly MerchantCounts[]): Heterogeneity | undefined {
  const seen = merchants.filter(({ visits }) => visits > 0);
  if (seen.length < 10) return undefined;
  const grid = Array.from({ length: Math.round(most / step) + 1 }, (_, place) => place * step);
  const likelihoods = grid.map((logits) => seen.reduce((sum, merchant) => sum + logLikelihood(merchant, logits), 0));
  const best = Math.max(...likelihoods);
  const within = grid.filter((_, place) => (likelihoods[place] ?? -Infinity) >= best - ln95);
  return { logits: grid[likelihoods.indexOf(best)] ?? 0, low: within[0] ?? 0, high: within.at(-1) ?? most };
}

function logLikelihood({ probability, visits, converted }: MerchantCounts, logits: number): number {
  const centre = Math.log(probability / (1 - probability));
  const of = (share: number): number[] => nodes.map((node) => {
    const p = Math.min(1 - 1e-9, Math.max(1e-9, (1 - share) / (1 + Math.exp(-centre - logits * node))));
    return converted * Math.log(p) + (visits - converted) * Math.log(1 - p);
  });
  const kinds = [{ weight: 1 - diverters, logs: of(0) }, ...divertedShares.map((share) => ({ weight: diverters / divertedShares.length, logs: of(share) }))];
  const top = Math.max(...kinds.flatMap(({ logs }) => logs));
  return top + Math.log(kinds.reduce((sum, { weight, logs }) => sum + weight * logs.reduce((part, log, node) => part + (weights[node] ?? 0) * Math.exp(log - top), 0), 0));
}
