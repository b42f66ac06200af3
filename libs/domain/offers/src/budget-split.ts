import type { ArmPolicy } from '@sp/contracts';
import { arms, type ArmWeights } from './experiment';

/** Integer parts in proportion to the weights that sum to the total exactly (largest remainder; equal remainders go to the first). */
export function splitExactly(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  if (sum <= 0) return weights.map(() => 0);
  const quotas = weights.map((weight) => (total * weight) / sum);
  const parts = quotas.map(Math.floor);
  const left = total - parts.reduce((all, part) => all + part, 0);
  const byRemainder = [...quotas.keys()].sort((a, b) => quotas[b]! - parts[b]! - (quotas[a]! - parts[a]!) || a - b);
  for (const place of byRemainder.slice(0, left)) parts[place]!++;
  return parts;
}

/**
 * One partition's grants of a campaign's budget. The arms that pay share it in proportion to their clients, so that a client
 * finds as much of it in each; over partitions it is shared evenly, and all together make up the budget exactly. The holdout
 * pays nothing: its ghost budget comes on top, as large for a client as the others'.
 */
export function grantsOfPartition(budgetMinor: number, share: { readonly partition: number; readonly partitions: number; readonly weights: ArmWeights }): Record<ArmPolicy, number> {
  const paying = arms.filter((arm) => arm !== 'holdout');
  const cells = paying.flatMap((arm) => Array.from({ length: share.partitions }, () => share.weights[arm]));
  const parts = splitExactly(budgetMinor, cells);
  const grant = (arm: (typeof paying)[number]): number => parts[paying.indexOf(arm) * share.partitions + share.partition] ?? 0;
  const payingWeight = paying.reduce((sum, arm) => sum + share.weights[arm], 0);
  const ghost = payingWeight > 0 ? Math.floor((budgetMinor * share.weights.holdout) / payingWeight / share.partitions) : 0;
  return { holdout: ghost, random: grant('random'), rules: grant('rules'), model: grant('model') };
}
