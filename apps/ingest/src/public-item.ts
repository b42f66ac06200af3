import { acceptEvent, maximumItemBytes, ownSource, type Acceptance, type Reject } from '@sp/contracts';

/** A text that was no JSON is an item like any other, refused by where it stood. */
export class MalformedText {
  constructor(
    readonly where: string,
    readonly text: string,
  ) {}
}

/** One item of a public door as an event, or why it is none: its size and whose it says it is are looked at before its content. */
export function readPublicItem(value: unknown): Acceptance {
  if (value instanceof MalformedText) return refuse(undefined, { code: 'malformed-envelope', field: value.where, message: 'is not JSON' });
  try {
    const bytes = bytesLeftAtLeast(value, maximumItemBytes) > 0 ? 0 : Buffer.byteLength(JSON.stringify(value));
    if (bytes > maximumItemBytes) return refuse(value, { code: 'too-large', field: '', message: `has ${bytes} bytes of JSON; an event has at most ${maximumItemBytes}` });
    if (partOf(value, 'source') === ownSource) return refuse(value, { code: 'reserved-source', field: 'source', message: `"${ownSource}" is the system's own; send under a source of your own` });
    return acceptEvent(value);
  } catch (error) {
    // Nested so deeply that it cannot be walked: refused like any other, it must not cost the others their answer.
    if (!(error instanceof RangeError)) throw error;
    return refuse(value, { code: 'malformed-envelope', field: '', message: 'is nested too deeply' });
  }
}

/** What is left of the bytes if every character took the six of an escape and every number the most that one can; writing it out costs more than reading it. */
function bytesLeftAtLeast(value: unknown, bytes: number): number {
  if (typeof value === 'string') return bytes - 8 - 6 * value.length;
  if (typeof value !== 'object' || value === null) return bytes - 26;
  let left = bytes - 3;
  for (const key in value) {
    left = bytesLeftAtLeast((value as Record<string, unknown>)[key], left - 5 - 6 * key.length);
    if (left <= 0) return left;
  }
  return left;
}

function refuse(value: unknown, reject: Reject): Acceptance {
  const id = partOf(value, 'id');
  return { ok: false, id: typeof id === 'string' ? id.slice(0, 128) : '', reject };
}

function partOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}
