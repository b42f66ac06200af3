import { goldenSamples } from '@sp/contracts';
import { Draws } from './draws';
import { nested, oddKeys, oddText, oddValue } from './odd-values';

const samples = Object.values(goldenSamples).filter(({ type }) => type !== 'offer.issued');

type Container = Record<string, unknown>;

/** A golden sample with one to four changes in its structure, or now and then something else altogether; always the same for a seed and a number. */
export function mutatedEvent(seed: number, number: number): unknown {
  const draws = new Draws(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
  const root = { value: structuredClone(draws.oneOf(samples)) as unknown } as Container;
  for (let changes = draws.below(5); changes > 0; changes--) change(root, draws);
  return draws.below(200) === 0 ? { ...goldenSamples['client.acted'], data: { extra: nested(5_000, draws.below(2) === 0) } } : root['value'];
}

function change(root: Container, draws: Draws): void {
  const [holder, key] = aPlace(root, draws);
  const kind = draws.below(10);
  if (kind < 3) put(holder, key, oddValue(draws));
  else if (kind === 3 && !Array.isArray(holder)) delete holder[key];
  else if (kind === 4) put(containerAt(holder, key) ?? holder, draws.oneOf(oddKeys), oddValue(draws));
  else if (kind < 7) put(holder, key, changedValue(holder[key], draws));
  else if (kind === 7) put(holder, key, holder === root ? [holder[key]] : { [key]: holder[key] });
  else if (kind === 8) swap(root, holder, key, draws);
  else put(holder, key, structuredClone(draws.oneOf(samples).data));
}

/** Any value in the event, now and then the whole; what stands in `data` as often as what is around it. */
function aPlace(root: Container, draws: Draws): [Container, string] {
  let place: [Container, string] = [root, 'value'];
  for (let isWhole = true; draws.below(isWhole ? 30 : 5) > 0; isWhole = false) {
    const inside = containerAt(...place);
    const keys = inside ? Object.keys(inside) : [];
    if (!inside || keys.length === 0) break;
    place = [inside, keys.includes('data') && draws.below(3) > 0 ? 'data' : draws.oneOf(keys)];
  }
  return place;
}

function containerAt(holder: Container, key: string): Container | undefined {
  const value = Object.hasOwn(holder, key) ? holder[key] : undefined;
  return typeof value === 'object' && value !== null ? (value as Container) : undefined;
}

/** As JSON.parse does it: `__proto__` becomes a field like any other, and a list has no names. */
function put(holder: Container, name: string, value: unknown): void {
  const key = Array.isArray(holder) && !Object.hasOwn(holder, name) ? String(holder.length) : name;
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}

function changedValue(value: unknown, draws: Draws): unknown {
  if (typeof value === 'string') return oddText(value, draws);
  if (typeof value === 'number') return draws.oneOf([-value, value * 1e6, value + 0.5, String(value), value * 1e300]);
  if (typeof value === 'boolean') return draws.oneOf([!value, String(value), Number(value)]);
  return oddValue(draws);
}

function swap(root: Container, holder: Container, key: string, draws: Draws): void {
  const [otherHolder, otherKey] = aPlace(root, draws);
  if (holder === root || otherHolder === root) return;
  const copy = structuredClone(holder[key]);
  put(holder, key, structuredClone(otherHolder[otherKey]));
  put(otherHolder, otherKey, copy);
}

/** Stands for infinity until the text is made. */
const tooLarge = '\u0001too large';

/** Its JSON as a sender could write it: infinity as a number too large to be one, what JSON has no word for as null. */
export function jsonOf(value: unknown): string {
  try {
    const text = JSON.stringify(value, (_key, inner: unknown) => (inner === Infinity ? tooLarge : inner)) ?? 'null';
    return text.replaceAll(JSON.stringify(tooLarge), '1e999');
  } catch (error) {
    // Too deep to be written by recursion.
    if (!(error instanceof RangeError)) throw error;
    return `${'{"data":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
  }
}
