import type { z } from 'zod';
import { bankEventSchemas } from './bank-events';
import { issuedOfferSchema } from './bank-events-out';
import { envelopeSchema } from './envelope';
import { digestOf, visitFields, type FieldDigest, type JsonSchema } from './golden-digest';
import { goldenSamples } from './golden-samples';

/** One line of a table of fields, for a person to read. */
export interface FieldRow {
  readonly path: string;
  readonly required: boolean;
  readonly kind: string;
  readonly meaning: string;
}

export interface EventTable {
  readonly type: string;
  readonly direction: 'in' | 'out';
  readonly meaning: string;
  readonly fields: readonly FieldRow[];
  readonly sample: unknown;
}

export function envelopeRows(): FieldRow[] {
  return rowsOf(envelopeSchema);
}

/** Every event type with its fields and a sample; the one that leaves the system last. */
export function eventTables(): EventTable[] {
  const tables = Object.entries(bankEventSchemas).map(([type, schema]) => tableOf(type, 'in', schema));
  return [...tables, tableOf('offer.issued', 'out', issuedOfferSchema)];
}

function tableOf(type: string, direction: 'in' | 'out', schema: z.ZodType): EventTable {
  return { type, direction, meaning: schema.description ?? '', fields: rowsOf(schema), sample: goldenSamples[type as keyof typeof goldenSamples] };
}

function rowsOf(schema: z.ZodType): FieldRow[] {
  const rows: FieldRow[] = [];
  visitFields(schema, (path, field, required) => {
    if (path === '' || path.endsWith('{key}')) return;
    rows.push({ path, required, kind: kindOf(field), meaning: field.description ?? '' });
  });
  return rows;
}

function kindOf(field: JsonSchema): string {
  const digest = digestOf(field, true);
  const values = digest.values?.map((value) => `\`${String(value)}\``).join(', ');
  if (values !== undefined) return values;
  const name = digest.format === 'date-time' ? 'ISO 8601 time' : digest.types.map((type) => (type === 'any' ? 'anything' : type)).join(' or ');
  return [name, rangeOf(digest)].filter(Boolean).join(', ');
}

function rangeOf(digest: FieldDigest): string {
  const length = digest.maxLength === undefined ? '' : `${digest.minLength ? `${digest.minLength} to` : 'at most'} ${digest.maxLength} characters`;
  const items = digest.maxItems === undefined ? '' : `${digest.minItems ?? 0} to ${digest.maxItems} items`;
  return [valuesOf(digest), length, items].filter(Boolean).join(', ');
}

function valuesOf({ minimum, exclusiveMinimum, maximum }: FieldDigest): string {
  if (exclusiveMinimum !== undefined) return [`more than ${exclusiveMinimum}`, maximum === undefined ? '' : `at most ${grouped(maximum)}`].filter(Boolean).join(', ');
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${grouped(maximum)}`;
  return minimum === undefined ? '' : `at least ${minimum}`;
}

/** Long numbers by thousands; a year or a code is none. */
function grouped(value: number): string {
  return value < 100_000 ? String(value) : value.toLocaleString('en-US');
}
