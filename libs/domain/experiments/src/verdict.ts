import type { Estimate, Unknown } from './estimate';
import type { Lift } from './relative-lift';

/** What may be said of an arm against the holdout. */
export type Verdict = 'higher' | 'lower' | 'not-distinguishable' | 'too-few-clients' | 'split-broken' | 'no-figure';

/** The sequence holds asymptotically and spend is skewed: below this nobody should read an effect out of it. */
export const minimumClientsPerArm = 50;

export interface VerdictInput {
  readonly lift: Estimate<Lift>;
  /** Of the smaller of the two arms. */
  readonly clients: number;
  readonly splitBroken: boolean;
}

/** A broken split silences everything; then too little data; only then the interval speaks. */
export function verdictOf({ lift, clients, splitBroken }: VerdictInput): Verdict {
  if (splitBroken) return 'split-broken';
  if (clients < minimumClientsPerArm) return 'too-few-clients';
  if (!lift.known) return quietReason(lift.reason);
  if (lift.low > 0) return 'higher';
  return lift.high < 0 ? 'lower' : 'not-distinguishable';
}

function quietReason(reason: Unknown): Verdict {
  return reason === 'too-few-observations' ? 'too-few-clients' : 'no-figure';
}
