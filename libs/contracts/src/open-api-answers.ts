import { z } from 'zod';
import { issuedOfferSchema } from './bank-events-out';
import { termsSchema } from './bank-events';
import type { ArmPolicy, DecisionAnswer, NoOfferReason, RemovalReason, RetrievalKind } from './decisions';
import { identifier } from './envelope';
import type { RejectCode } from './reject';

/** What each refusal means and what its sender does about it. */
export const rejectMeanings: Readonly<Record<RejectCode, string>> = {
  'malformed-envelope': 'The item is no CloudEvent: what is named by `field` is missing or wrong. Mend it and send it again.',
  'unknown-type': 'There is no such event type.',
  'invalid-data': '`field` of `data` is missing, wrong or out of its bounds. Mend it and send it again under the same id.',
  'card-number': '`field` holds a card number. Send a pseudonym; the original is kept nowhere.',
  'conflict': 'The id is known with other content: an event never changes. Send a new one.',
  'too-old': 'It is older than the memory of identities (at least a week), so a repetition could not be told.',
  'too-far-ahead': 'Its time is far ahead of the line’s: look at the sender’s clock.',
  'wrong-currency': 'The amount is in a currency that is not taken here.',
  'unknown-original': 'It is about an event that is not known.',
  'too-large': 'The item has more bytes of JSON than an event may have.',
  'reserved-source': '`smart-purchases` is the system’s own source; send under one of your own.',
  'not-permitted': 'Your key is not declared to send this type, or under this source.',
};

/** One of the names of a union, all of which the compiler asks for. */
const oneOf = <T extends string>(names: Readonly<Record<T, unknown>>): z.ZodType<T> => z.enum(Object.keys(names) as [T, ...T[]]) as unknown as z.ZodType<T>;

const verdictSchema = z.discriminatedUnion('status', [
  z.object({ id: z.string(), status: z.literal('accepted') }),
  z.object({ id: z.string(), status: z.literal('duplicate') }),
  z.object({
    id: z.string().describe('Empty where none could be read.'),
    status: z.literal('rejected'),
    reason: z.string().describe(`A code: ${Object.keys(rejectMeanings).join(', ')}. More may be added.`),
    field: z.string().describe('Path of the culprit, such as data.amountMinor; empty where it is the whole.'),
    message: z.string().describe('For a person.'),
  }),
]);

/** The answer to `POST /v1/events` that says what became of each event. */
export const eventsAnswerSchema = z.object({
  accepted: z.int().min(0),
  duplicates: z.int().min(0),
  rejected: z.int().min(0),
  items: z.array(verdictSchema).describe('One for each event, in their order.'),
});

export type EventsAnswer = z.infer<typeof eventsAnswerSchema>;
/** What became of one event. */
export type EventVerdict = EventsAnswer['items'][number];

/** An answer that is about the whole request. */
export const messageSchema = z.object({ message: z.string() });

export const decisionRequestSchema = z.object({
  clientId: identifier.describe('The client’s pseudonym.'),
  requestId: identifier.optional().describe('Asked again with the same one, the same decision is answered.'),
  context: z.record(z.string().max(64), z.unknown()).default({}).describe('What is known of the moment, such as { merchantId, mcc }.'),
});

const finding = z.union([z.string(), z.number(), z.boolean()]);
const findingSchema = z.object({ value: finding, threshold: finding });

const consideredSchema = z.object({
  campaignId: z.string(),
  merchantId: z.string(),
  terms: termsSchema,
  retrievedBy: oneOf<RetrievalKind>({ 'nearby': 0, 'habit': 0, 'forecast-category': 0, 'set-difference': 0, 'similar-clients': 0, 'popular': 0, 'trigger': 0 }),
  conversion: z.number().describe('Probability of redemption by the model.'),
  valueMinor: z.number().describe('Expected incremental margin after the discount.'),
  propensity: z.number().describe('Probability with which this arm chooses it here.'),
  removedBy: oneOf<RemovalReason>({
    'campaign-paused': 0, 'merchant-paused': 0, 'campaign-not-running': 0, 'outside-audience': 0, 'already-customer': 0, 'wrong-channel': 0, 'too-far': 0, 'budget-exhausted': 0, 'ahead-of-pace': 0,
    'recently-offered': 0, 'campaign-cap': 0, 'live-offer-exists': 0, 'declined-recently': 0, 'value-not-positive': 0, 'lost-on-value': 0, 'not-drawn': 0,
  }).optional().describe('Absent on the chosen one.'),
  finding: findingSchema.optional().describe('What the rule found, and what it wanted.'),
});

/** The answer to `POST /v1/decisions`. */
export const decisionAnswerSchema: z.ZodType<DecisionAnswer> = z
  .object({
    decisionId: z.string(),
    clientId: z.string(),
    scenario: z.enum(['forecast', 'event', 'timer']),
    trigger: z.string(),
    triggerEventId: z.string(),
    experimentId: z.string(),
    epoch: z.int(),
    salt: z.string(),
    arm: oneOf<ArmPolicy>({ holdout: 0, random: 0, rules: 0, model: 0 }),
    experimentArm: z.string().optional().describe('The client’s arm in an experiment of the bank’s own, by its name; `arm` is then its policy.'),
    outcome: z.enum(['offer', 'ghost', 'none']).describe('ghost: what a client of the holdout would have got; nothing is delivered.'),
    reason: oneOf<NoOfferReason | 'chosen'>({
      'chosen': 0, 'no-consent': 0, 'card-too-young': 0, 'quiet-hours': 0, 'daily-cap': 0, 'weekly-cap': 0, 'cool-down': 0, 'no-candidates': 0, 'no-eligible-candidate': 0, 'no-positive-value': 0, 'no-model': 0,
    }),
    offer: issuedOfferSchema.optional(),
    propensity: z.number().describe('Probability with which this arm chooses this candidate here.'),
    exploration: z.boolean(),
    considered: z.array(consideredSchema),
    barrier: findingSchema.optional().describe('Where nothing could be offered: what stood against it.'),
    valueMinor: z.number().describe('Expected value of the offer; 0 where there is none.'),
    movedToMs: z.number().optional().describe('When the moment will be decided again: it fell into quiet hours.'),
    features: z.array(z.number().nullable()),
    versions: z.object({ model: z.string(), features: z.string(), policy: z.string() }),
  })
  .describe('The decision with all that explains it.');
