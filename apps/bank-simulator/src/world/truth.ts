/** What became true through an offer or a purchase; the services see none of it. */
export type Happening =
  | { readonly kind: 'viewed' | 'accepted' | 'declined'; readonly arm: string }
  | { readonly kind: 'redeemed'; readonly arm: string; readonly clientIndex: number; readonly spendMinor: number; readonly discountMinor: number; readonly counterfactualMinor: number }
  | { readonly kind: 'reversed'; readonly clientIndex: number; readonly amountMinor: number };

/** Of all offers of one arm. */
export interface ArmTruth {
  offers: number;
  viewed: number;
  accepted: number;
  declined: number;
  redeemed: number;
  /** Offers to clients who had not consented: must stay 0. */
  withoutConsent: number;
  /** Sum over the offers of the true probability of redemption, and of the best that any running campaign had for that client then. */
  trueProbability: number;
  bestProbability: number;
  spendMinor: number;
  discountMinor: number;
  /** What these clients would have paid with our card instead, without the offer. */
  counterfactualMinor: number;
}

export interface Truth {
  readonly arms: Record<string, ArmTruth>;
  readonly planted: { duplicates: number; late: number; invalid: number };
  /** Offers for a client, merchant or campaign that this bank does not have, or after their end. */
  unanswerable: number;
}

export function emptyTruth(): Truth {
  return { arms: {}, planted: { duplicates: 0, late: 0, invalid: 0 }, unanswerable: 0 };
}

export function armOf(truth: Truth, arm: string): ArmTruth {
  return (truth.arms[arm] ??= {
    offers: 0, viewed: 0, accepted: 0, declined: 0, redeemed: 0, withoutConsent: 0, trueProbability: 0, bestProbability: 0, spendMinor: 0, discountMinor: 0, counterfactualMinor: 0,
  });
}

/** What a client has spent so far. */
export interface Spending {
  /** With our card, and with both. */
  oursMinor: number;
  totalMinor: number;
}

export function countHappening(truth: Truth, spending: (clientIndex: number) => Spending, happening: Happening): void {
  if (happening.kind === 'reversed') return spend(spending(happening.clientIndex), -happening.amountMinor);
  const arm = armOf(truth, happening.arm);
  arm[happening.kind]++;
  if (happening.kind !== 'redeemed') return;
  arm.spendMinor += happening.spendMinor;
  arm.discountMinor += happening.discountMinor;
  arm.counterfactualMinor += happening.counterfactualMinor;
  spend(spending(happening.clientIndex), happening.spendMinor);
}

function spend(spending: Spending, amountMinor: number): void {
  spending.oursMinor += amountMinor;
  spending.totalMinor += amountMinor;
}
