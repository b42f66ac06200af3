import { printWords } from '@sp/contracts';
import type { StateStore } from './state-store.port';

/** Prints in one stored value: 64 KiB, read at once. */
const blockPrints = 4_096;
const bitsAPrint = 12;
const probes = 5;

/**
 * Prints that no longer change, stored in blocks in the order of their first word. In memory stand a filter of about 2 bytes a print, which says no to
 * 99 of 100 that are not in it (Bloom 1970), and the first word of each block; so what is new costs no reading.
 */
export class IdentityRun {
  readonly #filter: Uint32Array;
  readonly #fences: number[] = [];

  constructor(
    private readonly prefix: string,
    readonly count: number,
  ) {
    this.#filter = new Uint32Array(Math.max(1, 2 ** Math.ceil(Math.log2((count * bitsAPrint) / 32))));
  }

  /** A new run and what is to be stored of it. */
  static of(prefix: string, sorted: Uint32Array): { readonly run: IdentityRun; readonly values: readonly (readonly [string, Uint8Array])[] } {
    const run = new IdentityRun(prefix, sorted.length / printWords);
    const values: (readonly [string, Uint8Array])[] = [];
    for (let from = 0; from < sorted.length; from += blockPrints * printWords) {
      const block = sorted.slice(from, from + blockPrints * printWords);
      values.push([run.#keyOf(run.#fences.length), new Uint8Array(block.buffer)]);
      run.addBlock(block);
    }
    return { run, values };
  }

  get keys(): string[] {
    return this.#fences.map((_, block) => this.#keyOf(block));
  }

  addBlock(block: Uint32Array): void {
    this.#fences.push(block[0]!);
    const mask = this.#filter.length * 32 - 1;
    for (let at = 0; at < block.length; at += printWords) {
      for (let probe = 0, bit = block[at]!; probe < probes; probe++, bit += block[at + 1]!) this.#filter[(bit & mask) >>> 5]! |= 1 << (bit & 31);
    }
  }

  /** 1: known with this content, 0: with another, -1: not known. */
  find(prints: Uint32Array, at: number, read: (key: string) => Uint32Array): number {
    return this.#mayHold(prints[at]!, prints[at + 1]!) ? this.#search(prints, at, read) : -1;
  }

  /** All of it, as it was sorted. */
  readAll(store: StateStore): Uint32Array {
    const all = new Uint32Array(this.count * printWords);
    let end = 0;
    for (const key of this.keys) {
      const block = printsOf(store.get(key)!);
      all.set(block, end);
      end += block.length;
    }
    return all;
  }

  #mayHold(high: number, low: number): boolean {
    const mask = this.#filter.length * 32 - 1;
    for (let probe = 0, bit = high; probe < probes; probe++, bit += low) if ((this.#filter[(bit & mask) >>> 5]! & (1 << (bit & 31))) === 0) return false;
    return true;
  }

  /** From the last block that begins below the first word; equal first words may go on in the next. */
  #search(prints: Uint32Array, at: number, read: (key: string) => Uint32Array): number {
    const [high, low] = [prints[at]!, prints[at + 1]!];
    let block = 0;
    for (let end = this.#fences.length; block + 1 < end; ) {
      const middle = (block + end) >>> 1;
      if (this.#fences[middle]! < high) block = middle;
      else end = middle;
    }
    for (; block < this.#fences.length && this.#fences[block]! <= high; block++) {
      const words = read(this.#keyOf(block));
      for (let place = firstAtLeast(words, high); place < words.length && words[place] === high; place += printWords) {
        if (words[place + 1] === low) return words[place + 2] === prints[at + 2] && words[place + 3] === prints[at + 3] ? 1 : 0;
      }
    }
    return -1;
  }

  #keyOf(block: number): string {
    return `${this.prefix}${String(block).padStart(6, '0')}`;
  }
}

/** A stored block; its bytes may lie anywhere, words may not. */
export function printsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.slice().buffer);
}

/** Two sorted rows of prints as one. */
export function merged(left: Uint32Array, right: Uint32Array): Uint32Array {
  const all = new Uint32Array(left.length + right.length);
  let [l, r] = [0, 0];
  for (let end = 0; end < all.length; end += printWords) {
    const isLeft = r >= right.length || (l < left.length && left[l]! <= right[r]!);
    const from = isLeft ? left : right;
    const place = isLeft ? l : r;
    for (let word = 0; word < printWords; word++) all[end + word] = from[place + word]!;
    if (isLeft) l += printWords;
    else r += printWords;
  }
  return all;
}

function firstAtLeast(words: Uint32Array, high: number): number {
  let [first, end] = [0, words.length / printWords];
  while (first < end) {
    const middle = (first + end) >>> 1;
    if (words[middle * printWords]! < high) first = middle + 1;
    else end = middle;
  }
  return first * printWords;
}
