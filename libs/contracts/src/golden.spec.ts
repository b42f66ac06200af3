import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { acceptEvent } from './accept-event';
import { bankEventSchemas } from './bank-events';
import { offerIssuedSchema } from './bank-events-out';
import { incompatibilities } from './golden-compatibility';
import { contractDigest, fieldsOf, type ContractDigest } from './golden-digest';
import { goldenSamples } from './golden-samples';

const folder = join(import.meta.dirname, '../golden');
const files = readdirSync(folder).filter((name) => /\.v\d+\.json$/.test(name));
const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const kept = read('kept.json') as { samples: Record<string, string>; contract: ContractDigest };

interface Sample {
  readonly id: string;
  readonly source: string;
  readonly subject: string;
  readonly time: string;
  readonly type: string;
  readonly data: Record<string, unknown>;
}

/** What today's reader makes of an event, in whichever direction it goes. */
function readToday(sample: Sample): unknown {
  if (sample.type === 'offer.issued') return offerIssuedSchema.parse(sample);
  const acceptance = acceptEvent(sample);
  if (!acceptance.ok) throw new Error(`${acceptance.reject.field}: ${acceptance.reject.message}`);
  const { timeMs, ...event } = acceptance.event;
  return { ...event, specversion: '1.0', time: sample.time, timeMs };
}

describe('golden samples', () => {
  it.each(files)('%s is accepted by today’s reader, and read as it always was', (file) => {
    const sample = read(file) as Sample;
    expect(file.startsWith(`${sample.type}.v`)).toBe(true);
    expect(readToday(sample)).toMatchObject(sample);
    if (sample.type !== 'offer.issued') expect(readToday(sample)).toMatchObject({ timeMs: Date.parse(sample.time) });
  });

  it('are kept for ever, as they were: put a changed or removed one back, and add the new form as the next version', () => {
    const found = Object.fromEntries(files.map((file) => [file, createHash('sha256').update(readFileSync(join(folder, file))).digest('hex')]));
    expect(found).toMatchObject(kept.samples);
    expect(Object.keys(kept.samples).sort(), 'npm run contracts -- --write').toEqual([...files].sort());
  });

  it.each(Object.entries(goldenSamples))('%s shows every field that the type has, and no other', (type, sample) => {
    const schema = type === 'offer.issued' ? offerIssuedSchema.shape.data : bankEventSchemas[type as keyof typeof bankEventSchemas];
    const isOfRecord = (path: string): boolean => path.includes('{') || path === '';
    expect(pathsOf(sample.data).sort()).toEqual(Object.keys(fieldsOf(schema)).filter((path) => !isOfRecord(path)).sort());
  });

  it('are the newest ones in the docs', () => {
    const newest = files.filter((file) => !files.includes(file.replace(/\d+(?=\.json$)/, (version) => String(Number(version) + 1))));
    expect(Object.values(goldenSamples).map(({ id }) => id).sort()).toEqual(newest.map((file) => (read(file) as Sample).id).sort());
  });
});

/** Paths as the digest writes them; what stands in a record is its own. */
function pathsOf(value: unknown, path = ''): string[] {
  if (/^(attributes|audience)\./.test(path)) return [];
  const own = path === '' ? [] : [path];
  if (Array.isArray(value)) return [...own, ...new Set(value.flatMap((item) => pathsOf(item, `${path}[]`)))];
  if (typeof value !== 'object' || value === null) return own;
  return [...own, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, path === '' ? key : `${path}.${key}`))];
}

describe('the contract', () => {
  it('breaks nothing that was promised', () => {
    expect(incompatibilities(kept.contract, contractDigest())).toEqual([]);
  });

  it('is kept as it is now; if it has grown, run: npm run contracts -- --write', () => {
    expect(kept.contract).toEqual(contractDigest());
  });
});

const of = (schema: z.ZodType, direction: 'in' | 'out' = 'in'): ContractDigest => ({ t: { direction, fields: fieldsOf(schema) } });
const base = z.object({ a: z.string().max(10), b: z.int().min(0).optional(), c: z.enum(['x', 'y']), d: z.object({ e: z.boolean() }).optional(), l: z.array(z.number()).max(3), r: z.record(z.string().max(4), z.union([z.string(), z.number()])) });
const shape = base.shape;

describe('an incompatible change of what we read', () => {
  it.each([
    ['"b" was removed', base.omit({ b: true })],
    ['"b" was optional and is required', base.extend({ b: z.int().min(0) })],
    ['"f" is new and required', base.extend({ f: z.string() })],
    ['"d.g" is new and required', base.extend({ d: shape.d.unwrap().extend({ g: z.string() }).optional() })],
    ['"a" was narrowed from string to integer', base.extend({ a: z.int() })],
    ['"a" was narrowed in its largest length', base.extend({ a: z.string().max(9) })],
    ['"a" was narrowed in its smallest length', base.extend({ a: z.string().min(1).max(10) })],
    ['"a" was narrowed in its pattern', base.extend({ a: z.string().max(10).regex(/x/) })],
    ['"a" was narrowed in its format', base.extend({ a: z.iso.date().max(10) })],
    ['"b" was narrowed in its smallest value', base.extend({ b: z.int().positive().optional() })],
    ['"c" was narrowed in its values', base.extend({ c: z.enum(['x']) })],
    ['"l" was narrowed in its largest number of items', base.extend({ l: z.array(z.number()).max(2) })],
    ['"l[]" was narrowed from number to integer', base.extend({ l: z.array(z.int()).max(3) })],
    ['"r{key}" was narrowed in its largest length', base.extend({ r: z.record(z.string().max(3), shape.r.valueType) })],
    ['"r{}" was narrowed from number or string to string', base.extend({ r: z.record(z.string().max(4), z.string()) })],
  ])('%s', (change, after) => {
    const found = incompatibilities(of(base), of(after));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`t: ${change}`);
    expect(found[0]).toContain('new event type');
  });

  it('is none where more is taken than before', () => {
    const wider = base.extend({ a: z.string().max(11).optional(), b: z.number().min(-1).optional(), c: z.enum(['x', 'y', 'z']), f: z.string().optional(), g: z.object({ h: z.string() }).optional() });
    expect(incompatibilities(of(base), of(wider))).toEqual([]);
  });

  it('is a type that is no more', () => {
    expect(incompatibilities(of(base), {})).toEqual([expect.stringContaining('t: the event type was removed. Put it back')]);
  });
});

describe('an incompatible change of what we write', () => {
  it.each([
    ['"a" was removed', base.omit({ a: true })],
    ['"a" was always there and is optional', base.extend({ a: z.string().max(10).optional() })],
    ['"c" was widened in its values', base.extend({ c: z.enum(['x', 'y', 'z']) })],
    ['"b" was widened from integer to number', base.extend({ b: z.number().min(0).optional() })],
  ])('%s', (change, after) => {
    expect(incompatibilities(of(base, 'out'), of(after, 'out'))).toEqual([expect.stringContaining(`t: ${change}`)]);
  });

  it('is none where a field is added or says less', () => {
    expect(incompatibilities(of(base, 'out'), of(base.extend({ f: z.string(), c: z.enum(['x']), b: z.int().min(1) }), 'out'))).toEqual([]);
  });
});
