import type { DecisionDue } from '@sp/contracts';
import { profileOf } from '../client-profile';
import type { ClientState } from '../client-state';
import { vectorOf } from '../feature-definitions';
import type { Reference } from '../reference/reference';
import { noteContact } from './contact-room';

/** The data of a `decision.due`, complete. */
export type DueDecision = DecisionDue['data'];

export type DueCause = Omit<DueDecision, 'vector' | 'profile'>;

/** The decision is due now, for this reason: the moment is noted and the client described as of it. */
export function becomeDue(state: ClientState, nowMs: number, cause: DueCause, { limits }: Reference): DueDecision {
  noteContact(state, nowMs, limits);
  state.moments.lastMs = Math.max(nowMs, state.moments.lastMs ?? nowMs);
  return { ...cause, vector: vectorOf(state, nowMs), profile: profileOf(state) };
}
