import { clientStateVersion, emptyClient, type ClientState } from '../client-state';
import { emptyMoments } from '../due/due-moments';
import { fingerprint } from '../fingerprint';
import { groupUses } from '../groups/group-uses';
import { offerContact, type OfferContact } from '../groups/offer-contact';
import { spendRhythm } from '../groups/spend-rhythm';

/** A state as it was stored before categories' groups, places, rhythm and sessions were kept. */
export type ClientStateV1 = Omit<ClientState, 'version' | 'offers' | 'groups' | 'rhythm' | 'places' | 'sessions'> & {
  readonly version: 1;
  readonly offers: Pick<OfferContact, 'lastMs' | 'received' | 'accepted' | 'declined' | 'redeemed'> & { readonly recentOfferIds: readonly string[] };
};

export function isVersion1(value: unknown): value is ClientStateV1 {
  return typeof value === 'object' && value !== null && (value as { readonly version?: unknown }).version === 1;
}

/** What is new begins with the purchases that are still remembered; places, sessions and views begin empty and fill within their half-lives. */
export function fromVersion1(old: ClientStateV1): ClientState {
  const { recentOfferIds, ...offers } = old.offers;
  const state: ClientState = {
    ...emptyClient(old.firstEventMs), ...old, version: clientStateVersion,
    moments: { ...emptyMoments(), ...old.moments },
    offers: { ...offerContact.empty(), ...offers, recentOffers: recentOfferIds.map(fingerprint) },
  };
  const { timesMs, leftMinor, mccs } = state.authorisations;
  timesMs.forEach((timeMs, row) => {
    const amountMinor = leftMinor[row] ?? 0;
    if (amountMinor === 0) return;
    const purchase = { timeMs, amountMinor, currency: '', online: false, merchantId: undefined, mcc: mccs[row] ?? undefined, timeZone: state.facts.timeZone };
    groupUses.purchased?.(state.groups, purchase);
    spendRhythm.purchased?.(state.rhythm, purchase);
  });
  return state;
}
