import { maximumItemBytes } from './dead-letter';
import { decisionAnswerSchema, decisionRequestSchema, eventsAnswerSchema, messageSchema } from './open-api-answers';
import { eventSchemas, incomingTypes, jsonSchemaOf, schemaName, type Schema } from './open-api-schemas';
import { goldenSamples } from './golden-samples';
import { signatureHeaders } from './request-signature';

/** Of the contract itself: the first number changes only with the path (`/v1`). */
export const contractVersion = '1.0.0';
/** More in one request are refused as a whole. */
export const maximumEventsARequest = 10_000;

const signing = `Where the bank has declared its sources: ${Object.values(signatureHeaders).map((name) => `\`${name}\``).join(', ')}. The signature is an HMAC-SHA256 in base64, by the key’s secret, over the request id, a line feed, the time (ISO 8601, within five minutes), a line feed, and the body as it is sent.`;

const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: Schema, more: object = {}): object => ({ 'application/json': { schema, ...more } });
const answer = (description: string, name: string, more: object = {}): object => ({ description, content: json(ref(name)), ...more });
const retryAfter = { headers: { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } } };

/** OpenAPI 3.1 of the HTTP door, made of the schemas that it reads with. */
export function openApiDocument(): Schema {
  return {
    openapi: '3.1.0',
    info: { title: 'Smart Purchases: the door', version: contractVersion, description: 'Bank systems publish what happens, and ask for decisions. Every event type with its fields: `/docs`.' },
    servers: [{ url: '/' }],
    paths: { '/v1/events': { post: postEvents() }, '/v1/decisions': { post: postDecisions() } },
    components: { schemas: components(), securitySchemes: { signature: { type: 'apiKey', in: 'header', name: signatureHeaders.key, description: signing } } },
    security: [{ signature: [] }, {}],
  };
}

function postEvents(): Schema {
  const one = { schema: ref('Event'), example: goldenSamples['transaction.authorised'] };
  const many = { schema: { type: 'array', items: ref('Event'), minItems: 1, maxItems: maximumEventsARequest } };
  return {
    operationId: 'publishEvents',
    summary: 'Publish events',
    description: `One event, an array, or NDJSON; at most ${maximumEventsARequest} in a request, each at most ${maximumItemBytes} bytes of JSON. Packed by gzip if you like (content-encoding: gzip). Read while it comes in, and answered when all are safely on the disk. The same source, subject and id are the same event: sending again is safe, and is what to do when no answer came.`,
    requestBody: {
      required: true,
      content: {
        'application/cloudevents+json': one,
        'application/cloudevents-batch+json': many,
        'application/json': { schema: { anyOf: [ref('Event'), many.schema] } },
        'application/x-ndjson': { schema: { type: 'string', description: 'One event a line.' } },
      },
    },
    responses: {
      202: answer('All were accepted.', 'EventsAnswer'),
      207: answer('Not all were accepted: each has its verdict. Where a large body breaks off, the last verdict says where; nothing after it was read.', 'EventsAnswer'),
      400: answer('The body cannot be read at all; nothing was taken.', 'Message'),
      401: answer('The door asks for signed requests, and this one is not, or wrongly, signed; nothing was taken.', 'Message'),
      413: answer('The body is too large, or has too many events: send fewer at once. What was taken before that showed is known by its id.', 'Message'),
      415: answer('No such content type, or no such encoding: none or gzip.', 'Message'),
      429: answer('This source has too much waiting: send the same events again later. Others are not asked to wait.', 'Message', retryAfter),
      503: answer('The line is full or behind: send the same events again later. What was taken is known by its id.', 'Message', retryAfter),
    },
  };
}

function postDecisions(): Schema {
  return {
    operationId: 'decide',
    summary: 'Ask for a client’s decision now',
    description: 'The request travels the line as an event; its answer is the decision with all that explains it: an offer, or none and why.',
    requestBody: { required: true, content: json(ref('DecisionRequest'), { example: { clientId: 'client-1001', requestId: 'request-7', context: { mcc: 5462 } } }) },
    responses: {
      200: answer('The decision.', 'Decision'),
      400: answer('The request cannot be read.', 'Message'),
      401: answer('The request is not, or wrongly, signed.', 'Message'),
      403: answer('The key is not declared to ask for decisions.', 'Message'),
      504: answer('No decision in time; ask again with the same requestId.', 'Message'),
    },
  };
}

function components(): Record<string, Schema> {
  const { OfferIssued: _out, ...incoming } = eventSchemas();
  const mapping = Object.fromEntries(incomingTypes.map((type) => [type, `#/components/schemas/${schemaName(type)}`]));
  return {
    Event: { oneOf: incomingTypes.map((type) => ref(schemaName(type))), discriminator: { propertyName: 'type', mapping } },
    ...incoming,
    EventsAnswer: jsonSchemaOf(eventsAnswerSchema),
    DecisionRequest: jsonSchemaOf(decisionRequestSchema),
    Decision: jsonSchemaOf(decisionAnswerSchema),
    Message: jsonSchemaOf(messageSchema),
  };
}
