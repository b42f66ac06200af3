import type { IssuedOffer } from '@sp/contracts';

/** What the bank's channel needs of an issued offer; arms and further fields are the system's own affair. */
export interface ReceivedOffer extends Pick<IssuedOffer, 'offerId' | 'clientId' | 'merchantId' | 'campaignId' | 'terms' | 'validUntil'> {
  readonly arm: string;
  /** Event time. */
  readonly issuedMs: number;
}
