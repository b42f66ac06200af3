import { z } from 'zod';
import { termsSchema } from './bank-events';
import type { IssuedOffer } from './decisions';
import { envelopeSchema } from './envelope';

/** `data` of `offer.issued`, the event that leaves the line for the bank's channels. */
export const issuedOfferSchema = z
  .object({
    offerId: z.string().describe('The same offer is issued once; name it in offer.responded.'),
    decisionId: z.string().describe('Its record says why the client gets this offer.'),
    clientId: z.string(),
    merchantId: z.string(),
    campaignId: z.string(),
    terms: termsSchema,
    currency: z.string().describe('ISO 4217.'),
    scenario: z.enum(['forecast', 'event', 'timer']).describe('What made the moment: the client’s own rhythm, something he did, or that nothing reached him.'),
    validUntil: z.iso.datetime({ offset: true }),
    arm: z.enum(['holdout', 'random', 'rules', 'model']).describe('Arm of the experiment that chose it.'),
  })
  .describe('A client is to get an offer.') satisfies z.ZodType<IssuedOffer>;

/** The whole event, as followers read it. */
export const offerIssuedSchema = envelopeSchema.extend({ type: z.literal('offer.issued'), data: issuedOfferSchema });

export type OfferIssuedEvent = z.infer<typeof offerIssuedSchema>;
