import { readFileSync } from 'node:fs';
import { bankEventSchemas, type BankEventType } from '@sp/contracts';
import { z } from 'zod';
import { Refusal } from '@sp/testing';

const column = z.string().min(1);
/** Text with {column}, {file} and {line} in it. */
const template = z.string().min(1);
const type = z.enum(Object.keys(bankEventSchemas) as [BankEventType, ...BankEventType[]]);
const isoTime = z.iso.datetime({ offset: true });

const conditionSchema = z
  .strictObject({
    column,
    equals: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
    not: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
    matches: z.string().refine(isExpression, 'not a regular expression').optional(),
  })
  .refine((when) => [when.equals, when.not, when.matches].filter((test) => test !== undefined).length === 1, 'needs exactly one of equals, not, matches');

const timeSchema = z.union([z.strictObject({ column, format: z.string().min(1) }), z.strictObject({ column, hoursSince: isoTime })]);

const fromColumn = { column, optional: z.boolean().default(false) };

const fieldSchema = z.union([
  z.strictObject({ constant: z.json() }),
  z.strictObject({ template }),
  z.strictObject({ ...fromColumn, as: z.enum(['text', 'integer', 'number', 'time']).default('text') }),
  z.strictObject({ ...fromColumn, as: z.literal('money'), decimals: z.int().min(0).max(4).default(2), decimalMark: z.enum(['.', ',']).default('.'), absolute: z.boolean().default(false) }),
  z.strictObject({ ...fromColumn, as: z.literal('boolean'), true: z.array(z.string()).default(['true', '1']), false: z.array(z.string()).default(['false', '0']) }),
  z.strictObject({ ...fromColumn, lookup: z.record(z.string(), z.json()), otherwise: z.json().optional() }),
]);

const eventSchema = z.strictObject({
  type,
  /** All must hold; none: every row. */
  when: z.union([conditionSchema, z.array(conditionSchema)]).default([]),
  id: template,
  subject: template,
  /** Only the first row of each value, e.g. of each client. */
  oncePer: template.optional(),
  time: timeSchema,
  /** Written into data.currency. */
  currency: z.union([z.string().regex(/^[A-Z]{3}$/), z.strictObject({ column })]).optional(),
  /** By the field's name in the event's data; dots go into inner objects. */
  data: z.record(z.string().regex(/^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/), fieldSchema),
});

/** What stands before the rows (merchants, campaigns); sent at the first row's time where it says none. */
const firstSchema = z.strictObject({ type, id: z.string().min(1), subject: z.string().min(1), time: isoTime.optional(), data: z.record(z.string(), z.json()) });

export const mappingFileSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'small letters, digits and dashes'),
  /** CloudEvents source of every event; the name where absent. */
  source: z.string().min(1).optional(),
  format: z.enum(['csv', 'ndjson']).optional(),
  csv: z.strictObject({ delimiter: z.string().length(1).default(','), columns: z.array(column).min(1).optional() }).default({ delimiter: ',' }),
  /** Of times without an offset. */
  timeZone: z.string().refine(isTimeZone, 'an IANA time zone such as Europe/Berlin').default('UTC'),
  /** Read everything into memory and sort it by time; without it a row that goes back in time is rejected. */
  sort: z.boolean().default(false),
  first: z.array(firstSchema).default([]),
  events: z.array(eventSchema).min(1),
});

export type MappingFile = z.infer<typeof mappingFileSchema>;
export type EventRule = z.infer<typeof eventSchema>;
export type FieldRule = z.infer<typeof fieldSchema>;
export type Condition = z.infer<typeof conditionSchema>;

export function readMappingFile(path: string): MappingFile {
  const parsed = mappingFileSchema.safeParse(parseJson(path));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
  throw new Refusal(`The mapping ${path} is not valid (docs/replay.md): ${faults.join('; ')}.`);
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Refusal(`The mapping ${path} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
}

function isExpression(source: string): boolean {
  try {
    new RegExp(source, 'u');
    return true;
  } catch {
    return false;
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
