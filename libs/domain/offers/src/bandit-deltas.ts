import type { ConsideredCandidate, DecisionMade } from '@sp/contracts';
import type { AttributionStep, OpenOffers } from './attribution';
import type { OpenOffer } from './attribution/open-offer';
import { issuedDeltas, redeemedDeltas, type BanditDelta, type BanditOffer } from './bandit';

/** What the model said of an offer when it was decided. */
export type Prediction = Pick<BanditOffer, 'conversion' | 'segment' | 'modelVersion'>;

/** As the model said it, before any correction. */
export function predictionOf(chosen: ConsideredCandidate | undefined, { inputs, versions }: DecisionMade['data']): Prediction | undefined {
  return chosen && inputs && { conversion: chosen.conversion / (chosen.correction ?? 1), segment: inputs.profile.segment, modelVersion: versions.model };
}

/** What one event or wake adds to what is known of campaigns' answers. Of real offers alone: what becomes of a ghost says nothing of offers. */
export function banditDeltasOf(before: OpenOffers | undefined, { state, outcomes, amendments }: AttributionStep): BanditDelta[] {
  const known = new Map((before?.open ?? []).map((open) => [open.offer.offerId, open]));
  const now = new Map((state?.open ?? []).map((open) => [open.offer.offerId, open]));
  const issued = [...now.values()].filter(({ offer }) => !known.has(offer.offerId)).flatMap((open) => issuedDeltas(banditOfferOf(open) ?? nobody));
  const answered = [...outcomes, ...amendments].flatMap((outcome) => {
    const { offerId } = outcome.offer;
    const change = Number(outcome.redeemed) - Number(known.get(offerId)?.told?.redeemed ?? false);
    // What is taken back is taken from where it was put.
    const open = (change > 0 ? now.get(offerId) : undefined) ?? known.get(offerId);
    return open && change !== 0 ? redeemedDeltas(banditOfferOf(open) ?? nobody, redeemedAtMs(open), change) : [];
  });
  return [...issued, ...answered];
}

/** A prediction of nothing adds nothing. */
const nobody: BanditOffer = { campaignId: '', segment: '', modelVersion: '', issuedAtMs: 0, validityDays: 1, conversion: 0 };

function banditOfferOf({ offer, ghost, issuedAtMs, prediction }: OpenOffer): BanditOffer | undefined {
  return ghost || !prediction ? undefined : { ...prediction, campaignId: offer.campaignId, issuedAtMs, validityDays: offer.terms.validityDays };
}

function redeemedAtMs({ purchase, reported, issuedAtMs }: OpenOffer): number {
  return purchase?.timeMs ?? reported?.atMs ?? issuedAtMs;
}
