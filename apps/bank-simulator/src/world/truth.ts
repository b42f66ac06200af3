import type { Consents } from '@sp/contracts';
import type { TroubleKind } from './troubles';

/** What becomes true when an event is delivered; the services see none of it. */
export type Happening =
  | { readonly kind: 'viewed' | 'accepted' | 'declined' | 'confirmed' | 'refusedHonestly'; readonly arm: string }
  | Redeemed
  | { readonly kind: 'diverted'; readonly arm: string; readonly clientIndex: number; readonly merchantIndex: number; readonly spendMinor: number; readonly traces: boolean }
  | { readonly kind: 'consents'; readonly clientIndex: number; readonly consents: Consents };

export interface Redeemed {
  readonly kind: 'redeemed';
  readonly arm: string;
  readonly clientIndex: number;
  readonly merchantIndex: number;
  readonly spendMinor: number;
  readonly discountMinor: number;
  readonly counterfactualMinor: number;
  /** The purchase is an own one, which is counted by itself: the offer has only made it cheaper. */
  readonly ownPurchase: boolean;
}

/** Of all offers of one arm. */
export interface ArmTruth {
  offers: number;
  viewed: number;
  accepted: number;
  declined: number;
  redeemed: number;
  confirmed: number;
  refusedHonestly: number;
  /** Accepted, and then talked into paying past the bank. */
  diverted: number;
  /** Offers to clients who had not consented: must stay 0, but for those on their way while a client withdrew. */
  withoutConsent: number;
  /** Offers that were compared with the best one, and the sums of both true probabilities of redemption. */
  compared: number;
  trueProbability: number;
  bestProbability: number;
  spendMinor: number;
  discountMinor: number;
  /** What these clients would have paid with our card instead, without the offer. */
  counterfactualMinor: number;
}

/** Expected margin after the discount beyond what would have come anyhow, in minor units: sums, squares and products, for a ratio's interval. */
export interface OracleSums {
  offers: number;
  made: number;
  best: number;
  madeMade: number;
  bestBest: number;
  madeBest: number;
}

export interface Truth {
  readonly arms: Record<string, ArmTruth>;
  readonly planted: { duplicates: number; late: number; invalid: number };
  /** Of the offers that were compared, by arm and week since the world's start: what they were worth, and what the best possible ones were. */
  readonly oracle: Record<string, Record<number, OracleSums>>;
  /** Events, purchases or offers that each kind of trouble has touched so far. */
  readonly touched: Partial<Record<TroubleKind, number>>;
  /** Of the diverted payments, those that left a trace: a position there, cash drawn before. */
  divertedWithTraces: number;
  left: number;
  erasures: number;
  consentChanges: number;
  /** Offers for a client, merchant or campaign that this bank does not have, or after their end. */
  unanswerable: number;
}

export function emptyTruth(): Truth {
  return { arms: {}, planted: { duplicates: 0, late: 0, invalid: 0 }, oracle: {}, touched: {}, divertedWithTraces: 0, left: 0, erasures: 0, consentChanges: 0, unanswerable: 0 };
}

export function armOf(truth: Truth, arm: string): ArmTruth {
  return (truth.arms[arm] ??= {
    offers: 0, viewed: 0, accepted: 0, declined: 0, redeemed: 0, confirmed: 0, refusedHonestly: 0, diverted: 0, withoutConsent: 0,
    compared: 0, trueProbability: 0, bestProbability: 0, spendMinor: 0, discountMinor: 0, counterfactualMinor: 0,
  });
}

export function compareWithOracle(truth: Truth, { arm, week, madeMinor: made, bestMinor: best }: { readonly arm: string; readonly week: number; readonly madeMinor: number; readonly bestMinor: number }): void {
  const sums = ((truth.oracle[arm] ??= {})[week] ??= { offers: 0, made: 0, best: 0, madeMade: 0, bestBest: 0, madeBest: 0 });
  sums.offers++;
  sums.made += made;
  sums.best += best;
  sums.madeMade += made * made;
  sums.bestBest += best * best;
  sums.madeBest += made * best;
}

export function touch(truth: Truth, kind: TroubleKind): void {
  truth.touched[kind] = (truth.touched[kind] ?? 0) + 1;
}

/** Counts in the truth; what it does to the clients themselves is the world's affair. */
export function countHappening(truth: Truth, happening: Happening): void {
  if (happening.kind === 'consents') return void truth.consentChanges++;
  const arm = armOf(truth, happening.arm);
  arm[happening.kind]++;
  if (happening.kind === 'diverted') {
    touch(truth, 'payment-diversion');
    if (happening.traces) truth.divertedWithTraces++;
  }
  if (happening.kind !== 'redeemed') return;
  arm.spendMinor += happening.spendMinor;
  arm.discountMinor += happening.discountMinor;
  arm.counterfactualMinor += happening.counterfactualMinor;
}
