import { z } from 'zod';
import { bankEventSchemas } from './bank-events';
import { issuedOfferSchema } from './bank-events-out';
import { envelopeSchema } from './envelope';

/** What a field may hold, as far as it can be told from its schema; rules over several fields are guarded by the golden samples alone. */
export interface FieldDigest {
  readonly required: boolean;
  /** JSON's types; several where any of them will do. */
  readonly types: readonly string[];
  readonly values?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** Fields by their path: `terms[].discountPercent`; `attributes{}` is any value of a record, `attributes{key}` its keys. */
export interface TypeDigest {
  /** `in`: the bank sends it and we read it; `out`: the other way round. */
  readonly direction: 'in' | 'out';
  readonly fields: Readonly<Record<string, FieldDigest>>;
}

export type ContractDigest = Readonly<Record<string, TypeDigest>>;

/** The contract as it is now: the envelope, and `data` of every event type. */
export function contractDigest(): ContractDigest {
  const types: Record<string, TypeDigest> = { envelope: { direction: 'in', fields: fieldsOf(envelopeSchema) } };
  for (const [type, schema] of Object.entries(bankEventSchemas)) types[type] = { direction: 'in', fields: fieldsOf(schema) };
  return { ...types, 'offer.issued': { direction: 'out', fields: fieldsOf(issuedOfferSchema) } };
}

/** The digest of every field of a schema by its path; that of the whole is empty. */
export function fieldsOf(schema: z.ZodType): Record<string, FieldDigest> {
  const fields: Record<string, FieldDigest> = {};
  visitFields(schema, (path, field, required) => (fields[path] = digestOf(field, required)));
  return fields;
}

export type FieldVisitor = (path: string, field: JsonSchema, required: boolean) => void;

/** Every field of a schema with its path, the whole first. */
export function visitFields(schema: z.ZodType, visit: FieldVisitor): void {
  visitField(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema, '', !schema.safeParse(undefined).success, visit);
}

export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly propertyNames?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
}

const bounds = ['minimum', 'exclusiveMinimum', 'maximum', 'exclusiveMaximum', 'minLength', 'maxLength', 'minItems', 'maxItems'] as const;

function visitField(schema: JsonSchema, path: string, required: boolean, visit: FieldVisitor): void {
  visit(path, schema, required);
  for (const [name, inner] of Object.entries(schema.properties ?? {})) visitField(inner, path === '' ? name : `${path}.${name}`, schema.required?.includes(name) ?? false, visit);
  if (schema.items) visitField(schema.items, `${path}[]`, false, visit);
  if (schema.propertyNames) visitField(schema.propertyNames, `${path}{key}`, false, visit);
  if (typeof schema.additionalProperties === 'object') visitField(schema.additionalProperties, `${path}{}`, false, visit);
}

/** Bounds, values and form of one field. */
export function digestOf(schema: JsonSchema, required: boolean): FieldDigest {
  const branches = schema.anyOf ?? [schema];
  const types = branches.flatMap(({ type = 'any' }) => type);
  if (new Set(types).size < types.length) throw new Error('a union of two schemas of one JSON type has no digest');
  return { required, types: types.sort(), ...Object.assign({}, ...branches.map(constraintsOf)) };
}

function constraintsOf(schema: JsonSchema): Partial<FieldDigest> {
  const kept: Record<string, unknown> = {};
  const values = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (values) kept['values'] = values;
  // The pattern of a format is the schema library's own and may change its wording with it.
  if (schema.format !== undefined) kept['format'] = schema.format;
  else if (schema.pattern !== undefined) kept['pattern'] = schema.pattern;
  for (const bound of bounds) {
    const value = (schema as Record<string, unknown>)[bound];
    if (typeof value === 'number' && Math.abs(value) !== Number.MAX_SAFE_INTEGER) kept[bound] = value;
  }
  return kept;
}
