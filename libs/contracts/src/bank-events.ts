import { z } from 'zod';
import { eventTimeRangeMs, identifier } from './envelope';

/** Of one amount, in minor units: a hundred billion of a currency with cents. What is more is a mistake. */
const largestMinor = 10_000_000_000_000;
const minorUnits = z.int().min(0).max(largestMinor);
const positiveMinorUnits = z.int().positive().max(largestMinor);
/** ISO 4217, upper case. */
const currencies = new Set(Intl.supportedValuesOf('currency'));
const currency = z.string().refine((code) => currencies.has(code), 'not a currency of ISO 4217 (three upper-case letters)').describe('ISO 4217, three upper-case letters.');
const place = z.object({ lat: z.number().min(-90).max(90).describe('Degrees north.'), lon: z.number().min(-180).max(180).describe('Degrees east.') });
const mcc = z.int().min(0).max(9999).describe('Merchant category code (ISO 18245).');
const consents = z.object({ offers: z.boolean().describe('May offers be made?'), geo: z.boolean().describe('May positions be used?') });
const time = z.iso.datetime({ offset: true }).refine(isInRange, 'must lie in the years 2000 to 2099');
const timeZone = z.string().refine(isTimeZone, 'an IANA time zone such as Europe/Berlin').describe('IANA name, such as Europe/Berlin.');
const attribute = z.union([z.string().max(256), z.number(), z.boolean()]);
const offerId = identifier.describe('As in the issued offer.');

export const termsSchema = z.object({
  discountPercent: z.number().min(0).max(100),
  validityDays: z.number().positive().max(366),
  minimumCheckMinor: minorUnits.describe('The purchase must reach this much.'),
  maximumDiscountMinor: positiveMinorUnits.optional().describe('The discount is never more than this.'),
});

const objectives = ['spend', 'frequency', 'average-check', 'new-merchant'] as const;
const responses = ['viewed', 'accepted', 'declined', 'redeemed', 'confirmed-by-merchant', 'refused-by-merchant'] as const;

/** `data` of every event type that a bank may send; the keys are the types' public names. */
export const bankEventSchemas = {
  'client.registered': z
    .object({
      birthYear: z.int().min(1900).max(2100).optional(),
      gender: z.string().max(32).optional(),
      segment: z.string().max(64).optional().describe('The bank’s own segment of the client.'),
      incomeMinor: minorUnits.optional().describe('Monthly income in minor units.'),
      memberSince: z.string().max(40).optional(),
      cardSince: z.string().max(40).optional(),
      home: place.optional(),
      timeZone,
      consents,
      attributes: z.record(z.string().max(64), attribute).optional().describe('What else the bank knows and may use.'),
    })
    .describe('A client is new, or what is known of him has changed.'),
  'client.consent.changed': z.object({ consents }).describe('A client allows, or no longer allows, offers or positions.'),
  'client.erasure.requested': z.object({}).optional().describe('A client is to be forgotten.'),
  'merchant.registered': z
    .object({
      merchantId: identifier.describe('The same as the envelope’s subject.'),
      name: z.string().min(1).max(256),
      mcc,
      location: place.optional(),
      online: z.boolean().describe('Sells without a place.'),
      priceLevel: z.int().min(1).max(4).optional().describe('1 is cheap, 4 is dear.'),
      partner: z.boolean().describe('Takes part in offers.'),
      groupId: identifier.optional().describe('The chain that it belongs to.'),
    })
    .describe('A merchant is new, or what is known of it has changed.'),
  'campaign.published': z
    .object({
      campaignId: identifier.describe('The same as the envelope’s subject.'),
      merchantId: identifier,
      objective: z.enum(objectives).describe('What the campaign wants more of.'),
      startsAt: time,
      endsAt: time,
      budgetMinor: minorUnits.describe('All discounts together, in minor units.'),
      currency,
      marginPercent: z.number().min(0).max(100).describe('What a purchase earns before the discount.'),
      terms: z.array(termsSchema).min(1).max(24).describe('The terms that an offer may have.'),
      audience: z.record(z.string().max(64), z.array(attribute).max(100)).optional().describe('Attributes of clients, and the values that are meant.'),
    })
    .refine((campaign) => Date.parse(campaign.startsAt) < Date.parse(campaign.endsAt), { path: ['endsAt'], message: 'must be after startsAt' })
    .describe('A merchant’s campaign begins, or has changed.'),
  'transaction.authorised': z
    .object({
      transactionId: identifier,
      kind: z.enum(['purchase', 'transfer', 'cash']),
      merchantId: identifier.optional().describe('A purchase names its merchantId or its mcc.'),
      mcc: mcc.optional(),
      counterparty: identifier.optional().describe('Pseudonym of who got a transfer.'),
      amountMinor: positiveMinorUnits.describe('In minor units.'),
      currency,
      channel: z.enum(['online', 'offline']),
      location: place.optional(),
    })
    .refine((transaction) => transaction.kind !== 'purchase' || transaction.merchantId !== undefined || transaction.mcc !== undefined, {
      path: ['merchantId'],
      message: 'a purchase names its merchantId or its mcc',
    })
    .describe('A client has paid, sent or drawn money.'),
  'transaction.reversed': z
    .object({ transactionId: identifier.describe('Of the authorisation.'), amountMinor: positiveMinorUnits.optional().describe('A part of it; the whole where it is not given.') })
    .describe('An authorisation, or a part of it, was taken back.'),
  'client.located': place.extend({ accuracyMeters: z.number().min(0).max(100_000) }).describe('A client is at a place; used with his consent only.'),
  'client.acted': z
    .object({
      action: z.string().min(1).max(64).describe('app-opened, category-viewed, merchant-viewed, search, …'),
      sessionId: identifier.optional(),
      entryPoint: z.string().max(64).optional(),
      mcc: mcc.optional(),
      merchantId: identifier.optional(),
    })
    .describe('A client has done something in one of the bank’s channels.'),
  'offer.responded': z
    .object({
      offerId,
      response: z.enum(responses),
      reason: z.enum(['not-interested', 'unreachable', 'no-capacity', 'other']).optional(),
      transactionId: identifier.optional().describe('The purchase that redeemed it.'),
    })
    .describe('A client, or the merchant, has answered an offer.'),
  'offer.recorded': z
    .object({
      offerId: identifier,
      campaignId: identifier,
      terms: termsSchema,
      propensity: z.number().gt(0).max(1).optional().describe('Probability with which it was chosen.'),
    })
    .describe('Somebody else made an offer; our own decisions then run in shadow.'),
  'rate.published': z.object({ base: currency, quote: currency, rate: z.number().positive().max(1e12).describe('Units of quote for one of base.') }).describe('An exchange rate holds from now on.'),
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

/** Ids that the bank's systems count or make: digits alone are an id in them. All other fields may hold no digits that are a card number. */
export const technicalIdFields: ReadonlySet<string> = new Set(['transactionId', 'offerId', 'sessionId', 'campaignId', 'merchantId', 'groupId']);

/** Facts that concern everybody: they stand once in the control log and are copied into every partition. */
export const sharedEventTypes = ['merchant.registered', 'campaign.published', 'rate.published'] as const satisfies readonly BankEventType[];

/** Asking Intl costs more than the rest of the event, so names that were found are remembered; bounded, since case does not matter to Intl. */
const knownTimeZones = new Set<string>();

function isTimeZone(name: string): boolean {
  if (knownTimeZones.has(name)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    if (knownTimeZones.size < 1_000) knownTimeZones.add(name);
    return true;
  } catch {
    return false;
  }
}

function isInRange(text: string): boolean {
  const timeMs = Date.parse(text);
  return timeMs >= eventTimeRangeMs.earliest && timeMs < eventTimeRangeMs.latest;
}
