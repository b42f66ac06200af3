import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { acceptEvent } from './accept-event';
import { asyncApiDocument } from './async-api';
import { offerIssuedSchema } from './bank-events-out';
import { goldenSamples } from './golden-samples';
import { openApiDocument } from './open-api';
import { derivedDocs } from './open-api-derived';
import { eventTables } from './open-api-fields';
import { schemaName } from './open-api-schemas';

const root = join(import.meta.dirname, '../../..');

it.each(Object.entries(derivedDocs()))('%s is as the contracts say; if not, run: npm run contracts -- --write', (file, text) => {
  expect(readFileSync(join(root, file), 'utf8')).toBe(text);
});

function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [String(inner)] : refsIn(inner)));
}

function resolve(document: unknown, reference: string): unknown {
  return reference.slice(2).split('/').reduce((at, part) => (at as Record<string, unknown> | undefined)?.[part], document);
}

describe.each([['OpenAPI', openApiDocument()], ['AsyncAPI', asyncApiDocument()]])('the %s document', (_name, document) => {
  const schemas = (document['components'] as { schemas: Record<string, z.core.JSONSchema.JSONSchema> }).schemas;

  it('leads nowhere into nothing', () => {
    const refs = refsIn(document);
    expect(refs.length).toBeGreaterThan(15);
    for (const reference of refs) expect(resolve(document, reference), reference).toBeDefined();
  });

  it.each(Object.entries(goldenSamples).filter(([type]) => schemaName(type) in schemas))('takes the sample of %s, and not one without its time', (type, sample) => {
    const schema = z.fromJSONSchema(schemas[schemaName(type)]!);
    expect(schema.safeParse(sample).error?.issues ?? []).toEqual([]);
    expect(schema.safeParse({ ...sample, time: undefined }).success).toBe(false);
  });
});

it('names the same fields as needed that the door needs', () => {
  for (const { type, direction, fields, sample } of eventTables()) {
    const takes = (value: unknown): boolean => (direction === 'in' ? acceptEvent(value).ok : offerIssuedSchema.safeParse(value).success);
    const { data, ...envelope } = sample as { data: Record<string, unknown> };
    expect(takes({ ...envelope, data }), type).toBe(true);
    for (const { path, required } of fields.filter((field) => /^\w+$/.test(field.path))) {
      const { [path]: _left, ...rest } = data;
      const isMerchantOfPurchase = type === 'transaction.authorised' && path === 'merchantId';
      expect(takes({ ...envelope, data: rest }), `${type} without ${path}`).toBe(!required || isMerchantOfPurchase);
    }
  }
});
