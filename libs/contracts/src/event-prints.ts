import { Hash64 } from './hash64';
import type { LineEvent } from './line-events';

/** Words of 32 bits that stand for an event: two for its identity, two for what it says. The second is never 0, so that an empty place can be told. */
export const printWords = 4;

const hash = new Hash64();

/**
 * Writes the prints of an event at a place of `into`: identity (source, subject, id), then content (type, time, data; the order of fields does not
 * matter). 64 bits each, not cryptographic: among ten million known events a new one is taken for a known one by chance once in 10^12.
 */
export function writePrints(event: LineEvent, into: Uint32Array, at: number): void {
  hash.begin().text(event.source).text(event.subject).text(event.id).end();
  into[at] = hash.high;
  into[at + 1] = hash.low || 1;
  hash.begin().text(event.type);
  // A merged table is its version, whoever merged it.
  if (event.type === 'table.merged') hash.number(event.data.version).end();
  else hash.number(event.timeMs).value(event.data).end();
  into[at + 2] = hash.high;
  into[at + 3] = hash.low;
}

/** The same fact, under whichever id it is told: 53 bits of source, subject and the content's print. */
export function factPrint({ source, subject }: LineEvent, prints: Uint32Array, at: number): number {
  hash.begin().text(source).text(subject).word(prints[at + 2]!).word(prints[at + 3]!).end();
  return hash.high * 2 ** 21 + (hash.low >>> 11);
}
