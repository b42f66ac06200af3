import { z } from 'zod';
import { identifier } from './envelope';


const positiveMinorUnits = z.int().positive();
/** ISO 4217, upper case. */
const currencies = new Set(Intl.supportedValuesOf('currency'));
const currency = z.string().refine((code) => currencies.has(code), 'not a currency of ISO 4217 (three upper-case letters)');
const place = z.object({ lat: z.number().min(-90).max(90), lon: z.number().min(-180).max(180) });
/** ISO 18245 merchant category code. */
const mcc = z.int().min(0).max(9999);
const consents = z.object({ offers: z.boolean(), geo: z.boolean() });
const time = z.iso.datetime({ offset: true });
const timeZone = z.string().refine(isTimeZone, 'an IANA time zone such as Europe/Berlin');
const attribute = z.union([z.string().max(256), z.number(), z.boolean()]);

export const termsSchema = z.object({
  discountPercent: z.number().min(0).max(100),
  validityDays: z.number().positive().max(366),
  minimumCheckMinor: z.int().min(0),
  maximumDiscountMinor: z.int().positive().optional(),
});

const objectives = ['spend', 'frequency', 'average-check', 'new-merchant'] as const;
const responses = ['viewed', 'accepted', 'declined', 'redeemed', 'confirmed-by-merchant', 'refused-by-merchant'] as const;

/** `data` of every event type that a bank may send; the keys are the types' public names. */
export const bankEventSchemas = {
  'client.registered': z.object({
    birthYear: z.int().min(1900).max(2100).optional(),
    gender: z.string().max(32).optional(),
    segment: z.string().max(64).optional(),
    incomeMinor: z.int().min(0).optional(),
    memberSince: z.string().max(40).optional(),
    cardSince: z.string().max(40).optional(),
    home: place.optional(),
    timeZone: timeZone,
    consents,
    attributes: z.record(z.string().max(64), attribute).optional(),
  }),
  'client.consent.changed': z.object({ consents }),
  'client.erasure.requested': z.object({}).optional(),
  'merchant.registered': z.object({
    merchantId: identifier,
    name: z.string().min(1).max(256),
    mcc,
    location: place.optional(),
    online: z.boolean(),
    priceLevel: z.int().min(1).max(4).optional(),
    partner: z.boolean(),
    groupId: identifier.optional(),
  }),
  'campaign.published': z
    .object({
      campaignId: identifier,
      merchantId: identifier,
      objective: z.enum(objectives),
      startsAt: time,
      endsAt: time,
      budgetMinor: z.int().min(0),
      currency,
      marginPercent: z.number().min(0).max(100),
      terms: z.array(termsSchema).min(1).max(24),
      audience: z.record(z.string().max(64), z.array(attribute).max(100)).optional(),
    })
    .refine((campaign) => Date.parse(campaign.startsAt) < Date.parse(campaign.endsAt), { path: ['endsAt'], message: 'must be after startsAt' }),
  'transaction.authorised': z
    .object({
      transactionId: identifier,
      kind: z.enum(['purchase', 'transfer', 'cash']),
      merchantId: identifier.optional(),
      mcc: mcc.optional(),
      counterparty: identifier.optional(),
      amountMinor: positiveMinorUnits,
      currency,
      channel: z.enum(['online', 'offline']),
      location: place.optional(),
    })
    .refine((transaction) => transaction.kind !== 'purchase' || transaction.merchantId !== undefined || transaction.mcc !== undefined, {
      path: ['merchantId'],
      message: 'a purchase names its merchantId or its mcc',
    }),
  'transaction.reversed': z.object({ transactionId: identifier, amountMinor: positiveMinorUnits.optional() }),
  'client.located': place.extend({ accuracyMeters: z.number().min(0).max(100_000) }),
  'client.acted': z.object({
    action: z.string().min(1).max(64),
    sessionId: identifier.optional(),
    entryPoint: z.string().max(64).optional(),
    mcc: mcc.optional(),
    merchantId: identifier.optional(),
  }),
  'offer.responded': z.object({
    offerId: identifier,
    response: z.enum(responses),
    reason: z.enum(['not-interested', 'unreachable', 'no-capacity', 'other']).optional(),
    transactionId: identifier.optional(),
  }),
  'offer.recorded': z.object({
    offerId: identifier,
    campaignId: identifier,
    terms: termsSchema,
    propensity: z.number().gt(0).max(1).optional(),
  }),
  'rate.published': z.object({ base: currency, quote: currency, rate: z.number().positive() }),
} as const;

export type BankEventType = keyof typeof bankEventSchemas;
export type BankEventData<T extends BankEventType> = z.infer<(typeof bankEventSchemas)[T]>;
export type OfferTerms = z.infer<typeof termsSchema>;
export type Objective = (typeof objectives)[number];
export type OfferResponse = (typeof responses)[number];
export type Place = z.infer<typeof place>;
export type Consents = z.infer<typeof consents>;
/** The minor unit of `MinorUnits` is the currency's smallest (cent, kopeck). */
export type MinorUnits = number;

/** Facts that concern everybody: they stand once in the control log and are copied into every partition. */
export const sharedEventTypes = ['merchant.registered', 'campaign.published', 'rate.published'] as const satisfies readonly BankEventType[];

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
