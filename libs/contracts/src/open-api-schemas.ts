import { z } from 'zod';
import { bankEventSchemas } from './bank-events';
import { issuedOfferSchema } from './bank-events-out';
import { envelopeSchema } from './envelope';

/** JSON Schema (2020-12), as OpenAPI 3.1 and AsyncAPI 3.0 embed it. */
export type Schema = Readonly<Record<string, unknown>>;

/** `transaction.authorised` is the schema TransactionAuthorised. */
export function schemaName(type: string): string {
  return type.split('.').map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
}

/** What may be written; fields that are not named are no error, in either direction: more may be added. */
export function jsonSchemaOf(schema: z.ZodType): Schema {
  return tidy(z.toJSONSchema(schema, { io: 'input' }));
}

/** The whole event of each type, envelope and data, by its schema's name. */
export function eventSchemas(): Record<string, Schema> {
  const incoming = Object.entries(bankEventSchemas).map(([type, data]) => [schemaName(type), eventSchema(type, data)]);
  return { ...Object.fromEntries(incoming), [schemaName('offer.issued')]: eventSchema('offer.issued', issuedOfferSchema) };
}

export const incomingTypes = Object.keys(bankEventSchemas);

function eventSchema(type: string, data: z.ZodType): Schema {
  const { description, ...schema } = jsonSchemaOf(envelopeSchema.extend({ type: z.literal(type), data }));
  return { ...schema, title: type, description: data.description ?? description };
}

/** The pattern that the schema library adds to a format says nothing that the format does not. */
function tidy(value: unknown): Schema {
  const walk = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(walk);
    if (typeof inner !== 'object' || inner === null) return inner;
    const dropped = (key: string): boolean => key === '$schema' || (key === 'pattern' && 'format' in inner) || (Math.abs(Number((inner as Record<string, unknown>)[key])) === Number.MAX_SAFE_INTEGER && /imum$/.test(key));
    return Object.fromEntries(Object.entries(inner).filter(([key]) => !dropped(key)).map(([key, part]) => [key, walk(part)]));
  };
  return walk(value) as Schema;
}
