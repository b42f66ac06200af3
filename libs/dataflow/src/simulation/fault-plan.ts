import type { Random } from './random';

export const faultKinds = [
  'crash', 'power-cut', 'stale-owner', 'end-in-order', 'lost-request', 'lost-answer', 'late-request', 'delayed-request', 'server-restart', 'window-passed', 'last-fails',
  'commit-refused', 'call-fails', 'publish-fails', 'reader-stalls', 'retention', 'copy-of-a-request', 'conflicting-copy', 'lost-reply', 'clock-jump',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** One fault that is to happen; its own seed fixes its particulars, so that leaving out another does not change them. */
export interface PlannedFault {
  readonly kind: FaultKind;
  readonly seed: number;
}

const weights: Readonly<Record<FaultKind, number>> = {
  'crash': 8, 'power-cut': 1, 'stale-owner': 3, 'end-in-order': 1, 'lost-request': 3, 'lost-answer': 4, 'late-request': 5, 'delayed-request': 3, 'server-restart': 2, 'window-passed': 2, 'last-fails': 2,
  'commit-refused': 2, 'call-fails': 1, 'publish-fails': 1, 'reader-stalls': 1, 'retention': 6, 'copy-of-a-request': 3, 'conflicting-copy': 1, 'lost-reply': 2, 'clock-jump': 4,
};
const bag: readonly FaultKind[] = faultKinds.flatMap((kind) => Array.from({ length: weights[kind] }, () => kind));

export const leastFaults = 20;

export function drawFaults(random: Random): PlannedFault[] {
  return Array.from({ length: random.between(leastFaults, leastFaults + 14) }, () => ({ kind: random.pick(bag), seed: random.seedOfOwn() }));
}
