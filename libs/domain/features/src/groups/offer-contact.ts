import { addDecayed, emptyDecayed, readDecayed, type Decayed } from '../decayed';
import type { Contact, Feature, FeatureGroup } from '../feature-group';
import { dayMs } from '../time-units';

export interface OfferContact {
  lastMs: number | undefined;
  /** Latest offers, so that one that is recorded, seen and accepted was received once. */
  readonly recentOfferIds: string[];
  readonly received: Decayed;
  readonly accepted: Decayed;
  readonly declined: Decayed;
  readonly redeemed: Decayed;
}

/** A month: the time in which a client forgets how often he was asked. Chosen, not fitted. */
const halfLifeDays = 30;
const rememberedOffers = 32;

/** How the client has met offers of late, whoever made them. */
export const offerContact: FeatureGroup<OfferContact> = {
  empty: () => ({ lastMs: undefined, recentOfferIds: [], received: emptyDecayed(), accepted: emptyDecayed(), declined: emptyDecayed(), redeemed: emptyDecayed() }),
  contacted(contact, { timeMs, offerId, kind }) {
    if (contact.lastMs === undefined || timeMs > contact.lastMs) contact.lastMs = timeMs;
    if (isFirstSight(contact.recentOfferIds, offerId)) addDecayed(contact.received, 1, timeMs, halfLifeDays);
    const answer = answerOf(contact, kind);
    if (answer) addDecayed(answer, 1, timeMs, halfLifeDays);
  },
  features: [
    { name: 'offerContactAgeDays', type: 'real', missing: 'no offer yet', value: ({ lastMs }, { timeMs }) => (timeMs - (lastMs ?? NaN)) / dayMs },
    decayed('offersReceivedDecayed', ({ received }) => received),
    decayed('offersAcceptedDecayed', ({ accepted }) => accepted),
    decayed('offersDeclinedDecayed', ({ declined }) => declined),
    decayed('offersRedeemedDecayed', ({ redeemed }) => redeemed),
  ],
};

function isFirstSight(recentOfferIds: string[], offerId: string): boolean {
  if (recentOfferIds.includes(offerId)) return false;
  recentOfferIds.push(offerId);
  if (recentOfferIds.length > rememberedOffers) recentOfferIds.shift();
  return true;
}

function answerOf(contact: OfferContact, kind: Contact['kind']): Decayed | undefined {
  return kind === 'recorded' || kind === 'viewed' ? undefined : contact[kind];
}

function decayed(name: string, pick: (contact: OfferContact) => Decayed): Feature<OfferContact> {
  return { name, type: 'real', value: (contact, { timeMs }) => readDecayed(pick(contact), timeMs, halfLifeDays) };
}
