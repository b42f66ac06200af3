import type { StarbucksOffer } from './programme';

export interface ReceivedOffer {
  readonly offerId: string;
  readonly receivedMs: number;
}

type Open = ReceivedOffer & { isViewed: boolean; isCompleted: boolean };

/** The set's responses name a client and an offer, and a client may have got the same offer in several waves: finds which is meant. */
export class ReceivedOffers {
  private readonly open = new Map<string, Open[]>();

  add(client: string, offer: StarbucksOffer, received: ReceivedOffer): void {
    const key = `${client}|${offer.campaignId}`;
    this.open.set(key, [...(this.open.get(key) ?? []), { ...received, isViewed: false, isCompleted: false }]);
  }

  /** The oldest live one not yet seen; after its end an offer may still be looked at, then the latest. */
  view(client: string, offer: StarbucksOffer, timeMs: number): ReceivedOffer | undefined {
    const unseen = this.of(client, offer).filter(({ isViewed }) => !isViewed);
    const seen = unseen.find((one) => isLive(one, offer, timeMs)) ?? unseen.at(-1);
    if (seen) seen.isViewed = true;
    return seen;
  }

  /** The oldest live one not yet completed. */
  complete(client: string, offer: StarbucksOffer, timeMs: number): ReceivedOffer | undefined {
    const completed = this.of(client, offer).find((one) => !one.isCompleted && isLive(one, offer, timeMs));
    if (completed) completed.isCompleted = true;
    return completed;
  }

  private of(client: string, offer: StarbucksOffer): Open[] {
    return this.open.get(`${client}|${offer.campaignId}`) ?? [];
  }
}

function isLive(received: ReceivedOffer, offer: StarbucksOffer, timeMs: number): boolean {
  return timeMs <= received.receivedMs + offer.durationMs;
}
