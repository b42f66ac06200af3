import type { ClientState } from '../client-state';
import type { ContactLimits } from '../reference/reference';
import { dayMs } from '../time-units';

const weekMs = 7 * dayMs;

/**
 * From when on the caps and the cool-down leave room for a contact, as far as this stage can tell. It sees no offers, so each due
 * moment that had room is taken for a contact, in every arm alike: what the holdout would have got must thin its moments as real
 * offers thin the others'. A refusal is known from the client's own answer.
 */
export function roomFromMs({ moments: { contactsMs }, offers }: ClientState, { dailyCap, weeklyCap, coolDownDays }: ContactLimits): number {
  return Math.max(capEndsMs(contactsMs, dailyCap, dayMs), capEndsMs(contactsMs, weeklyCap, weekMs), offers.declined.atMs + coolDownDays * dayMs);
}

/** Takes the moment for a contact, if one was possible; a request is answered even where none was. */
export function noteContact(state: ClientState, nowMs: number, limits: ContactLimits): void {
  if (!state.facts.consents.offers || nowMs < roomFromMs(state, limits)) return;
  state.moments.contactsMs = [...state.moments.contactsMs.filter((thenMs) => nowMs - thenMs < weekMs), nowMs];
}

/** A cap of 0 leaves no room ever. */
function capEndsMs(contactsMs: readonly number[], cap: number, windowMs: number): number {
  if (cap === 0) return Infinity;
  const oldest = contactsMs.at(-cap);
  return oldest === undefined ? 0 : oldest + windowMs;
}
