import { goldenSamples } from './golden-samples';
import { contractVersion } from './open-api';
import { eventSchemas, incomingTypes, schemaName, type Schema } from './open-api-schemas';
import { bankDoor, offersDoor } from './topology';

const outgoing = 'offer.issued';

/** AsyncAPI 3.0 of the NATS doors; `receive` and `send` are said of Smart Purchases, so a bank does the opposite. */
export function asyncApiDocument(): Schema {
  return {
    asyncapi: '3.0.0',
    info: { title: 'Smart Purchases: the NATS doors', version: contractVersion, description: 'CloudEvents 1.0 in JSON. The same events go by HTTP: see `/openapi.json` of the ingest service.' },
    defaultContentType: 'application/cloudevents+json',
    servers: { nats: { host: '127.0.0.1:4222', protocol: 'nats', description: 'NATS with JetStream; the address is the deployment’s.' } },
    channels: {
      bankEvents: {
        address: bankDoor.subject,
        description: `One event a message, or an array of them (cheaper). The acknowledgement comes from the stream ${bankDoor.stream} and means: kept, not yet judged. What is refused goes to the dead letters.`,
        messages: messageRefs(incomingTypes),
      },
      offersIssued: {
        address: offersDoor.subjects.replace('*', '{partition}'),
        description: `Issued offers, each once, in the stream ${offersDoor.stream}; follow them with a position of your own.`,
        parameters: { partition: { description: 'The partition of the client, from 0; follow all of them by the subject `offers.issued.*`.' } },
        messages: messageRefs([outgoing]),
      },
    },
    operations: {
      takeEvents: { action: 'receive', channel: { $ref: '#/channels/bankEvents' }, summary: 'Takes what happens at the bank.' },
      issueOffers: { action: 'send', channel: { $ref: '#/channels/offersIssued' }, summary: 'Issues offers for the bank’s channels.' },
    },
    components: { messages: Object.fromEntries([...incomingTypes, outgoing].map((type) => [schemaName(type), messageOf(type)])), schemas: eventSchemas() },
  };
}

function messageRefs(types: readonly string[]): Schema {
  return Object.fromEntries(types.map((type) => [schemaName(type), { $ref: `#/components/messages/${schemaName(type)}` }]));
}

function messageOf(type: string): Schema {
  return {
    name: type,
    title: type,
    contentType: 'application/cloudevents+json',
    payload: { $ref: `#/components/schemas/${schemaName(type)}` },
    examples: [{ payload: goldenSamples[type as keyof typeof goldenSamples] }],
  };
}
