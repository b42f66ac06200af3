import { segmentKey, type SegmentSpend } from '@sp/contracts';
import type { ClientState } from './client-state';
import type { ClientStep } from './fold-client';
import { mccGroup } from './reference/mcc-group';
import { dayMs } from './time-units';

export interface SegmentDelta {
  /** Of `segmentKey`. */
  readonly key: string;
  readonly delta: Partial<SegmentSpend>;
}

/**
 * What one step of a client's fold adds to what his segment spends: what peers spend is known over all clients, his own fold sees him alone.
 * `segmentBefore` is undefined for a client who was not known; the fold changes states in place, so it is read before the step. What he spent
 * in a segment stays there when he leaves it.
 */
export function segmentDeltasOf(segmentBefore: string | undefined, before: ClientState | undefined, { state, purchase, takenBack = [] }: ClientStep): SegmentDelta[] {
  const segment = state?.facts.segment;
  const moved = segment === segmentBefore ? [] : [...counted(segmentBefore, before, -1), ...counted(segment, state, 1)];
  if (segment === undefined) return moved;
  const bought = purchase ? spent(segment, purchase.mcc, purchase.amountMinor) : [];
  return [...moved, ...bought, ...takenBack.flatMap(({ reversal }) => spent(segment, reversal.purchase.mcc, -reversal.amountMinor))];
}

function counted(segment: string | undefined, state: ClientState | undefined, clients: 1 | -1): SegmentDelta[] {
  return segment === undefined || !state ? [] : [{ key: segmentKey(segment), delta: { clients, firstDays: clients * Math.floor(state.firstEventMs / dayMs) } }];
}

function spent(segment: string, mcc: number | undefined, spendMinor: number): SegmentDelta[] {
  const ofSegment = { key: segmentKey(segment), delta: { spendMinor } };
  return mcc === undefined ? [ofSegment] : [ofSegment, { key: segmentKey(segment, mccGroup(mcc)), delta: { spendMinor } }];
}
