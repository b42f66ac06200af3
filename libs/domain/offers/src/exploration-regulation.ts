import { cautiousPolicy, type DecisionPolicy } from '@sp/contracts';

/** What was predicted of a campaign's offers whose time is over, and what came. */
export interface CampaignAnswers {
  readonly campaignId: string;
  /** Sum of the predicted probabilities. */
  readonly expected: number;
  readonly redeemed: number;
}

/**
 * How much farther from what was predicted the campaigns' redemptions are than chance alone would bring: Pearson's dispersion, 1 where the
 * predictions are right. `chance` is the distance from 1 that chance passes once in some twenty looks.
 */
export interface Surprise {
  readonly campaigns: number;
  readonly dispersion: number;
  readonly chance: number;
}

/** Fewer expected redemptions make the normal approximation of a count worthless (the usual rule of five). */
const leastExpected = 5;
const leastCampaigns = 3;

export function surpriseOf(answers: readonly CampaignAnswers[]): Surprise | undefined {
  const judged = answers.filter(({ expected }) => expected >= leastExpected);
  if (judged.length < leastCampaigns) return undefined;
  const dispersion = judged.reduce((sum, { expected, redeemed }) => sum + (redeemed - expected) ** 2 / expected, 0) / judged.length;
  return { campaigns: judged.length, dispersion, chance: 2 * Math.sqrt(2 / judged.length) };
}

export interface RegulationBounds {
  readonly lowestShare: number;
  readonly highestShare: number;
  /** The share where the predictions are as right as chance allows. */
  readonly usualShare: number;
  /** Retraining is wanted from this dispersion on. */
  readonly retrainFrom: number;
}

/** By judgement: never less than keeps the log useful to learn from, never more than a quarter of the model arm's decisions. */
export const cautiousBounds: RegulationBounds = { lowestShare: 0.05, highestShare: 0.25, usualShare: 0.1, retrainFrom: 4 };

/** Less is not worth a new version of the policy. */
const smallestChange = 0.02;
/** The name says whose version it is. */
const regulatedPrefix = 'regulated-';

/** The policy that the line begins with, or one of regulation's own: a person's own version under another name stops it. */
export function isRegulated({ version }: Pick<DecisionPolicy, 'version'>): boolean {
  return version === cautiousPolicy.version || version.startsWith(regulatedPrefix);
}

/** Published under this name by anybody, a policy is regulated from then on. */
export function regulatedVersion(timeMs: number, share: number): string {
  return `${regulatedPrefix}${new Date(timeMs).toISOString().slice(0, 16).replace(':', '')}-${Math.round(100 * share)}`;
}

export interface Regulation {
  readonly changes: Pick<DecisionPolicy, 'version' | 'exploration'>;
  readonly reason: string;
}

/**
 * More is tried out while the model is wrong about what campaigns' offers bring, and less again when it is right: the exploration share follows
 * the square root of the dispersion (how many times farther off than by chance), within its bounds. Undefined where it should stay.
 */
export function regulateExploration(policy: DecisionPolicy, surprise: Surprise | undefined, { timeMs, bounds = cautiousBounds }: { readonly timeMs: number; readonly bounds?: RegulationBounds }): Regulation | undefined {
  if (!surprise || !isRegulated(policy)) return undefined;
  const { dispersion, chance, campaigns } = surprise;
  const isChance = Math.abs(dispersion - 1) <= chance;
  const wanted = isChance ? bounds.usualShare : bounds.usualShare * Math.sqrt(dispersion);
  const share = Math.round(100 * Math.min(bounds.highestShare, Math.max(bounds.lowestShare, wanted))) / 100;
  const { exploration } = policy;
  if (Math.abs(share - exploration.share) < smallestChange) return undefined;
  const changes = { version: regulatedVersion(timeMs, share), exploration: { ...exploration, share, newcomerShare: Math.max(exploration.newcomerShare, share) } };
  return { changes, reason: `${campaigns} campaigns ${dispersion.toFixed(1)} times as far from predictions as by chance: exploration ${exploration.share} to ${share}` };
}

/** Why a new model should be trained, undefined where none is wanted: the predictions are farther off than the bound, and not by chance. */
export function retrainingReason(surprise: Surprise | undefined, { retrainFrom }: RegulationBounds = cautiousBounds): string | undefined {
  if (!surprise || surprise.dispersion < retrainFrom || surprise.dispersion - 1 <= surprise.chance) return undefined;
  return `redemptions of ${surprise.campaigns} campaigns are ${surprise.dispersion.toFixed(1)} times as far from their predictions as chance brings`;
}
