import { hashId, type BankEventData, type Consents } from '@sp/contracts';
import type { ClientLife } from './client-life';
import type { Client } from './clients';
import { delivery, type Delivery } from './delivery';
import type { Ledger } from './ledger';
import type { Merchant } from './merchants';
import type { Market } from './purchases';
import type { ReceivedOffer } from './received-offer';
import type { Happening } from './truth';

/** An offer in front of the client who got it. */
export interface OfferInHand {
  readonly market: Market;
  readonly ledger: Ledger;
  readonly client: Client;
  readonly life: ClientLife;
  readonly consents: Consents;
  readonly merchant: Merchant;
  readonly offer: ReceivedOffer;
  /** Nothing that the client does may be earlier. */
  readonly nowMs: number;
  /** The share of those who redeem at this merchant then that it talks into paying another way; undefined if it does not. */
  diversionAt(atMs: number): number | undefined;
}

/** The bank's report of one answer; what becomes true with it is counted when it is delivered. */
export function respond({ client, offer }: Pick<OfferInHand, 'client' | 'offer'>, timeMs: number, answer: Omit<BankEventData<'offer.responded'>, 'offerId'>, happening?: Happening): Delivery {
  return delivery('offer.responded', {
    id: hashId('r', offer.offerId, answer.response), subject: client.clientId, timeMs, data: { offerId: offer.offerId, ...answer }, ...(happening && { happening }),
  });
}
