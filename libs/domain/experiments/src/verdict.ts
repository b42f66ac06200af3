import type { ArmVerdict, FigureGap } from '@sp/contracts';
import type { Estimate, Interval } from './estimate';

/** The sequence holds asymptotically and spend is skewed: below this nobody should read an effect out of it. */
export const minimumClientsPerArm = 50;

export interface VerdictInput {
  /** Of the difference, absolute or relative, at every look. */
  readonly lift: Estimate<Interval>;
  /** Of the smaller of the two arms. */
  readonly clients: number;
  readonly splitBroken: boolean;
}

/** A broken split silences everything; then too little data; only then the interval speaks. */
export function verdictOf({ lift, clients, splitBroken }: VerdictInput): ArmVerdict {
  if (splitBroken) return 'split-broken';
  if (clients < minimumClientsPerArm) return 'too-few-clients';
  if (!lift.known) return quietReason(lift.reason);
  if (lift.low > 0) return 'higher';
  return lift.high < 0 ? 'lower' : 'not-distinguishable';
}

function quietReason(reason: FigureGap): ArmVerdict {
  return reason === 'too-few-observations' ? 'too-few-clients' : 'no-figure';
}
