import { addDecayed, decayedSum, emptyDecayed, readDecayed, type Decayed } from '../decayed';
import type { Feature, FeatureGroup } from '../feature-group';
import { fingerprint } from '../fingerprint';
import { fingerprintCodec, integer, list, optional, record } from '../stored/codec';
import { dayMs } from '../time-units';

export interface OfferContact {
  lastMs: number | undefined;
  /** Fingerprints of the latest offers, so that one that is recorded, seen and accepted was received once. */
  readonly recentOffers: number[];
  readonly received: Decayed;
  readonly viewed: Decayed;
  readonly accepted: Decayed;
  readonly declined: Decayed;
  readonly redeemed: Decayed;
  /** The same with the shorter half-life: what wears a client out, and what he has just refused. */
  readonly receivedOfLate: Decayed;
  readonly declinedOfLate: Decayed;
  /** Of the latest acceptance, refusal or redemption. */
  answeredMs: number | undefined;
}

/** A month: the time in which a client forgets how often he was asked. Chosen, not fitted. */
const halfLifeDays = 30;
const halfLifeOfLateDays = 7;
const rememberedOffers = 32;

/** How the client has met offers of late, whoever made them. */
export const offerContact: FeatureGroup<OfferContact> = {
  empty: () => ({
    lastMs: undefined, recentOffers: [], received: emptyDecayed(), viewed: emptyDecayed(), accepted: emptyDecayed(), declined: emptyDecayed(),
    redeemed: emptyDecayed(), receivedOfLate: emptyDecayed(), declinedOfLate: emptyDecayed(), answeredMs: undefined,
  }),
  codec: record<OfferContact>({
    lastMs: optional(integer), recentOffers: list(fingerprintCodec), received: decayedSum, viewed: decayedSum, accepted: decayedSum, declined: decayedSum,
    redeemed: decayedSum, receivedOfLate: decayedSum, declinedOfLate: decayedSum, answeredMs: optional(integer),
  }),
  contacted(contact, { timeMs, offerId, kind }) {
    contact.lastMs = Math.max(timeMs, contact.lastMs ?? timeMs);
    if (isFirstSight(contact.recentOffers, fingerprint(offerId))) {
      addDecayed(contact.received, 1, timeMs, halfLifeDays);
      addDecayed(contact.receivedOfLate, 1, timeMs, halfLifeOfLateDays);
    }
    if (kind === 'recorded') return;
    addDecayed(contact[kind], 1, timeMs, halfLifeDays);
    if (kind === 'declined') addDecayed(contact.declinedOfLate, 1, timeMs, halfLifeOfLateDays);
    if (kind !== 'viewed') contact.answeredMs = Math.max(timeMs, contact.answeredMs ?? timeMs);
  },
  features: [
    { name: 'offerContactAgeDays', type: 'real', missing: 'no offer yet', value: ({ lastMs }, { timeMs }) => (timeMs - (lastMs ?? NaN)) / dayMs },
    decayed('offersReceivedDecayed', ({ received }) => received),
    decayed('offersAcceptedDecayed', ({ accepted }) => accepted),
    decayed('offersDeclinedDecayed', ({ declined }) => declined),
    decayed('offersRedeemedDecayed', ({ redeemed }) => redeemed),
    decayed('offersViewedDecayed', ({ viewed }) => viewed),
    decayed('offersReceivedWeekDecayed', ({ receivedOfLate }) => receivedOfLate, halfLifeOfLateDays),
    decayed('offersDeclinedWeekDecayed', ({ declinedOfLate }) => declinedOfLate, halfLifeOfLateDays),
    { name: 'offerAnswerAgeDays', type: 'real', missing: 'no answer yet', value: ({ answeredMs }, { timeMs }) => (timeMs - (answeredMs ?? NaN)) / dayMs },
  ],
};

function isFirstSight(recentOffers: number[], offer: number): boolean {
  if (recentOffers.includes(offer)) return false;
  recentOffers.push(offer);
  if (recentOffers.length > rememberedOffers) recentOffers.shift();
  return true;
}

function decayed(name: string, pick: (contact: OfferContact) => Decayed, days = halfLifeDays): Feature<OfferContact> {
  return { name, type: 'real', value: (contact, { timeMs }) => readDecayed(pick(contact), timeMs, days) };
}
