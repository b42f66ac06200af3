import campaignPublished from '../golden/campaign.published.v1.json';
import clientActed from '../golden/client.acted.v1.json';
import clientConsentChanged from '../golden/client.consent.changed.v1.json';
import clientErasureRequested from '../golden/client.erasure.requested.v1.json';
import clientLocated from '../golden/client.located.v1.json';
import clientRegistered from '../golden/client.registered.v1.json';
import merchantRegistered from '../golden/merchant.registered.v1.json';
import offerIssued from '../golden/offer.issued.v1.json';
import offerRecorded from '../golden/offer.recorded.v1.json';
import offerResponded from '../golden/offer.responded.v1.json';
import ratePublished from '../golden/rate.published.v1.json';
import transactionAuthorised from '../golden/transaction.authorised.v1.json';
import transactionReversed from '../golden/transaction.reversed.v1.json';
import type { BankEventType } from './bank-events';
import type { Envelope } from './envelope';

/** The newest golden sample of each type: valid, with every field; the examples of the docs, and what the fuzz run begins with. */
export const goldenSamples = {
  'client.registered': clientRegistered,
  'client.consent.changed': clientConsentChanged,
  'client.erasure.requested': clientErasureRequested,
  'merchant.registered': merchantRegistered,
  'campaign.published': campaignPublished,
  'transaction.authorised': transactionAuthorised,
  'transaction.reversed': transactionReversed,
  'client.located': clientLocated,
  'client.acted': clientActed,
  'offer.responded': offerResponded,
  'offer.recorded': offerRecorded,
  'rate.published': ratePublished,
  'offer.issued': offerIssued,
} as const satisfies Record<BankEventType | 'offer.issued', Record<keyof Envelope, unknown>>;
