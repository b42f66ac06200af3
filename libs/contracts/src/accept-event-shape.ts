import { z } from 'zod';
import { bankEventSchemas, technicalIdFields, type BankEventType } from './bank-events';
import { holdsCardNumber, isCardNumber, type FieldPurpose } from './card-number';
import type { Reject } from './reject';

/** What any value may be like before it is looked at by its schema; wide enough for every valid event. */
export const shapeBounds = { levels: 32, keysAnObject: 200, itemsAList: 1_000, charactersAString: 8_192, charactersAKey: 128 } as const;

/**
 * What the fields of an object are for. A field that is not named is text. `bounded` is not looked at: its schema lets nothing through but
 * numbers within bounds, true and false, or words that it names; an amount of money may well be as long as a card number.
 */
export type Purposes = ReadonlyMap<string, FieldPurpose | 'bounded' | Purposes>;

/** Names through which an object's own kind can be changed where it is copied carelessly. */
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

interface Found {
  readonly code: Reject['code'];
  /** From the outside in; filled from its end. */
  readonly path: string[];
  readonly message: string;
}

/** The first thing that no valid event has: too deep, too wide, too long, not finite, half a character, a card number. One walk over all of it. */
export function refusalOfShape(value: unknown, purposes: Purposes): Reject | undefined {
  const found = walk(value, purposes, 1);
  if (!found) return undefined;
  const field = found.path.reverse().join('.');
  return { code: found.code === 'invalid-data' && found.path[0] !== 'data' ? 'malformed-envelope' : found.code, field, message: found.message };
}

type Purpose = FieldPurpose | 'bounded' | Purposes;

function walk(value: unknown, purpose: Purpose, level: number): Found | undefined {
  if (typeof value === 'string') return inString(value, typeof purpose === 'string' && purpose !== 'bounded' ? purpose : 'text');
  if (typeof value === 'number') return inNumber(value);
  if (typeof value !== 'object' || value === null) return undefined;
  if (level > shapeBounds.levels) return problem(`is nested more than ${shapeBounds.levels} levels deep`);
  return Array.isArray(value) ? inList(value, purpose, level) : inObject(value as Record<string, unknown>, purpose, level);
}

/** By `for in`: half the cost of a list of the keys, and JSON has no inherited ones. */
function inObject(value: Record<string, unknown>, purpose: Purpose, level: number): Found | undefined {
  let count = 0;
  for (const key in value) {
    if (++count > shapeBounds.keysAnObject) return problem(`has more than ${shapeBounds.keysAnObject} fields`);
    const known = typeof purpose === 'object' ? purpose.get(key) : undefined;
    if (known === 'bounded') continue;
    const found = (known === undefined ? inKey(key) : undefined) ?? walk(value[key], known ?? 'text', level + 1);
    if (found) return within(found, key);
  }
  return undefined;
}

function inList(value: readonly unknown[], purpose: Purpose, level: number): Found | undefined {
  if (value.length > shapeBounds.itemsAList) return problem(`has ${value.length} items; at most ${shapeBounds.itemsAList} are allowed`);
  for (let index = 0; index < value.length; index++) {
    const found = walk(value[index], purpose, level + 1);
    if (found) return within(found, String(index));
  }
  return undefined;
}

function within(found: Found, key: string): Found {
  found.path.push(key === '' ? '""' : key.length > shapeBounds.charactersAKey ? `${key.slice(0, shapeBounds.charactersAKey)}…` : key);
  return found;
}

function inKey(key: string): Found | undefined {
  if (forbiddenKeys.has(key)) return problem('is a name that no field may have');
  if (key.length > shapeBounds.charactersAKey) return problem(`has a name of ${key.length} characters; at most ${shapeBounds.charactersAKey} are allowed`);
  return inString(key, 'text');
}

function inString(text: string, purpose: FieldPurpose): Found | undefined {
  if (text.length > shapeBounds.charactersAString) return problem(`has ${text.length} characters; at most ${shapeBounds.charactersAString} are allowed`);
  if (holdsHalfCharacter(text)) return problem('holds half of a character (a lone surrogate)');
  return holdsCardNumber(text, purpose) ? cardNumber() : undefined;
}

function holdsHalfCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) >= 0xd800) return /\p{Surrogate}/u.test(text);
  return false;
}

function inNumber(value: number): Found | undefined {
  if (!Number.isFinite(value)) return problem('is not a finite number');
  return isCardNumber(value) ? cardNumber() : undefined;
}

function problem(message: string): Found {
  return { code: 'invalid-data', path: [], message };
}

function cardNumber(): Found {
  return { code: 'card-number', path: [], message: 'holds a card number; send a pseudonym' };
}

/** The envelope's fields with those of `data`, for each type; for a type that is none, the envelope's alone. */
export function purposesOf(type: unknown): Purposes {
  return (typeof type === 'string' ? purposesByType.get(type) : undefined) ?? envelopePurposes();
}

/** The fields of a request for a decision. */
export const decisionRequestPurposes: Purposes = new Map<string, Purpose>([['clientId', 'pseudonym'], ['requestId', 'technical'], ['context', new Map<string, Purpose>([['merchantId', 'technical']])]]);

const purposesByType: ReadonlyMap<string, Purposes> = new Map(
  Object.entries(bankEventSchemas).map(([type, schema]) => [type, envelopePurposes(type as BankEventType, schema)]),
);

function envelopePurposes(type?: BankEventType, schema?: z.ZodType): Purposes {
  const isOwnSubject = type === 'merchant.registered' || type === 'campaign.published';
  return new Map<string, Purpose>([
    ['specversion', 'bounded'], ['id', 'technical'], ['source', 'text'], ['type', schema ? 'bounded' : 'text'], ['subject', isOwnSubject ? 'technical' : 'pseudonym'], ['time', 'bounded'],
    ['data', schema ? dataPurposes(schema) : 'text'],
  ]);
}

function dataPurposes(schema: z.ZodType): Purpose {
  if (schema instanceof z.ZodOptional) return dataPurposes(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodArray) return dataPurposes(schema.element as z.ZodType);
  if (schema instanceof z.ZodNumber || schema instanceof z.ZodBoolean || schema instanceof z.ZodEnum) return 'bounded';
  if (!(schema instanceof z.ZodObject)) return 'text';
  return new Map(Object.entries(schema.shape as Record<string, z.ZodType>).map(([key, inner]) => [key, purposeOfField(key, inner)]));
}

function purposeOfField(key: string, schema: z.ZodType): Purpose {
  if (key === 'counterparty') return 'pseudonym';
  return technicalIdFields.has(key) ? 'technical' : dataPurposes(schema);
}
