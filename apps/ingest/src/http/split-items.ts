import { MalformedText } from '../public-item';
import { BodyError } from './body-error';

/** Items are handed on as soon as so many bytes of them have come: some 250 usual events, a frame of the line. */
const pieceBytes = 65_536;
/** What has begun and not ended is held: one item that is longer than this is refused with what follows it. Well above the largest event that is taken. */
const mostHeldBytes = 1_048_576;

/** Cuts a body into batches of its items while it comes in. Throws BodyError where it is broken. */
export interface ItemSplitter {
  push(chunk: Buffer): Iterable<readonly unknown[]>;
  /** The body has ended. */
  end(): Iterable<readonly unknown[]>;
}

export function splitterFor(type: string): ItemSplitter {
  return type === 'application/x-ndjson' ? new LineSplitter() : new JsonSplitter();
}

const [quote, backslash, comma, opening, closing, openingBrace, closingBrace] = [...'"\\,[]{}'].map((sign) => sign.charCodeAt(0)) as [number, number, number, number, number, number, number];

/** As the serialisers of most languages write an array. */
const betweenItems = ['},{', '}, {', '},\n{'].map((text) => Buffer.from(text));

/**
 * One JSON object, or an array of items. A piece is first cut where `},{` stands, unseen: if the parser reads what is before it as whole items, the cut was
 * between two of them, for a beginning of JSON that is whole in itself has no open string or bracket. Otherwise brackets and strings are walked over.
 */
class JsonSplitter implements ItemSplitter {
  #held: Buffer = Buffer.alloc(0);
  /** How far `held` was walked over. */
  #walked = 0;
  #isCutUnseen = true;
  #kind: 'unknown' | 'object' | 'array' | 'closed' = 'unknown';
  #depth = 0;
  #isInString = false;
  #handedOn = 0;
  #last: readonly unknown[] = [];

  *push(chunk: Buffer): Iterable<readonly unknown[]> {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    if (this.#kind === 'unknown') this.#begin();
    if (this.#kind === 'array') yield* this.#isCutUnseen ? this.#cut() : this.#walk();
    if (this.#kind === 'closed') this.#refuseMore();
    if (this.#held.length > mostHeldBytes) throw new BodyError(413, `an item has more than ${mostHeldBytes} bytes`, textOf(this.#held));
  }

  *end(): Iterable<readonly unknown[]> {
    if (this.#kind === 'array') yield* this.#walk();
    if (this.#kind === 'closed') this.#refuseMore();
    if (this.#kind === 'array') throw this.#broken('the array does not end', this.#held);
    if (this.#kind === 'closed') return void (yield this.#last);
    if (this.#kind === 'unknown') return;
    yield [this.#parse(this.#held, (text) => text)];
  }

  #begin(): void {
    const start = this.#held.findIndex((byte) => !isBlank(byte));
    if (start < 0) return;
    const first = this.#held[start];
    if (first !== opening && first !== openingBrace) throw new BodyError(400, 'the body is neither an event nor an array of events', textOf(this.#held));
    this.#kind = first === opening ? 'array' : 'object';
    if (first !== opening) return;
    this.#held = this.#held.subarray(start + 1);
    this.#depth = 1;
  }

  *#cut(): Iterable<readonly unknown[]> {
    while (this.#isCutUnseen && this.#held.length > pieceBytes) {
      const end = this.#nextBetween();
      const items = end < 0 ? undefined : wholeItems(this.#held.subarray(0, end + 1));
      if (items) {
        this.#held = this.#held.subarray(end + 2);
        this.#handedOn += items.length;
        yield items;
      } else if (end < 0 && this.#held.length <= 2 * pieceBytes) return;
      else this.#isCutUnseen = false;
    }
    if (!this.#isCutUnseen) yield* this.#walk();
  }

  #nextBetween(): number {
    for (const between of betweenItems) {
      const found = this.#held.indexOf(between, pieceBytes);
      if (found >= 0) return found;
    }
    return -1;
  }

  *#walk(): Iterable<readonly unknown[]> {
    let at = this.#walked;
    for (; at < this.#held.length; at++) {
      const byte = this.#held[at]!;
      if (this.#isInString) {
        if (byte === backslash) at++;
        else if (byte === quote) this.#isInString = false;
      } else if (byte === quote) this.#isInString = true;
      else if (byte === opening || byte === openingBrace) this.#depth++;
      else if (byte === closing || byte === closingBrace) {
        if (--this.#depth === 0) return this.#close(at);
      } else if (byte === comma && this.#depth === 1 && at >= pieceBytes) {
        yield this.#piece(at);
        at = -1;
      }
    }
    this.#walked = at;
  }

  /** What stands before the comma; none of the items is open. */
  #piece(end: number): readonly unknown[] {
    const items = this.#items(end);
    if (items.length === 0) throw this.#broken('an item is missing', this.#held.subarray(0, end));
    this.#held = this.#held.subarray(end + 1);
    this.#handedOn += items.length;
    return items;
  }

  /** The last piece waits for the end of the body, so that what follows the array spoils it. */
  #close(end: number): void {
    this.#last = this.#items(end);
    if (this.#last.length === 0 && this.#handedOn > 0) throw this.#broken('an item is missing', this.#held.subarray(0, end));
    this.#held = this.#held.subarray(end + 1);
    this.#kind = 'closed';
  }

  #refuseMore(): void {
    if (this.#held.some((byte) => !isBlank(byte))) throw this.#broken('something follows the array', this.#held);
    this.#held = Buffer.alloc(0);
  }

  #items(end: number): readonly unknown[] {
    return this.#parse(this.#held.subarray(0, end), (text) => `[${text}]`) as unknown[];
  }

  #parse(bytes: Buffer, around: (text: string) => string): unknown {
    try {
      return JSON.parse(around(textOf(bytes)));
    } catch (error) {
      throw this.#broken((error as Error).message, bytes);
    }
  }

  #broken(why: string, bytes: Buffer): BodyError {
    return new BodyError(400, `the body is not JSON: ${why}`, textOf(bytes));
  }
}

/** NDJSON: a line that is no JSON is an item that is refused, the others stand. */
class LineSplitter implements ItemSplitter {
  #held: Buffer = Buffer.alloc(0);
  #line = 0;

  *push(chunk: Buffer): Iterable<readonly unknown[]> {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    if (this.#held.length < pieceBytes) return;
    const end = this.#held.lastIndexOf(0x0a);
    if (end >= 0) {
      const lines = this.#held.subarray(0, end);
      this.#held = this.#held.subarray(end + 1);
      yield this.#items(lines);
    }
    if (this.#held.length > mostHeldBytes) throw new BodyError(413, `line ${this.#line + 1} has more than ${mostHeldBytes} bytes`, textOf(this.#held));
  }

  *end(): Iterable<readonly unknown[]> {
    yield this.#items(this.#held);
  }

  #items(bytes: Buffer): readonly unknown[] {
    return textOf(bytes)
      .split('\n')
      .flatMap((line) => {
        this.#line++;
        return line.trim() === '' ? [] : [this.#item(line)];
      });
  }

  #item(line: string): unknown {
    try {
      return JSON.parse(line);
    } catch {
      return new MalformedText(`line ${this.#line}`, line);
    }
  }
}

/** Undefined where they are not whole. */
function wholeItems(bytes: Buffer): readonly unknown[] | undefined {
  try {
    return JSON.parse(`[${textOf(bytes)}]`) as unknown[];
  } catch {
    return undefined;
  }
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function textOf(bytes: Buffer): string {
  return bytes.toString('utf8');
}
