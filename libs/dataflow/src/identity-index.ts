import { printWords } from '@sp/contracts';
import { IdentityRun, merged, printsOf } from './identity-run';
import { IdentityTable } from './identity-table';
import type { StateStore } from './state-store.port';

export interface IdentityIndexOptions {
  /** Prints in memory before they become a run. */
  readonly tablePrints: number;
  /** So many runs of a size are merged into one, up to a size that is merged in some ten milliseconds. */
  readonly mergedRuns: number;
  readonly largestMerge: number;
  /** Blocks of runs kept in memory after reading: 64 KiB each. */
  readonly keptBlocks: number;
}

interface NumberedRun {
  readonly number: number;
  readonly run: IdentityRun;
}

const usual: IdentityIndexOptions = { tablePrints: 65_536, mergedRuns: 8, largestMerge: 524_288, keptBlocks: 64 };

/**
 * The identities of one span of event time, each with a print of what the event said. The newest stand in a table in memory, and as one value a commit in the
 * store, so that a commit costs the same however many are known; a full table becomes a sorted run, and runs are merged (a log-structured merge tree, O'Neil 1996).
 * Everything that it changes in the store goes out with a commit of its owner: all or nothing.
 */
export class IdentityIndex {
  readonly #table = new IdentityTable();
  readonly #runs: NumberedRun[] = [];
  readonly #blocks = new Map<string, Uint32Array>();
  /** Of the run made last: it is in the store when the commit is, which is before the next. */
  readonly #fresh = new Map<string, Uint32Array>();
  /** Commits whose prints are in the table. */
  #journal: string[] = [];
  #added: number[] = [];
  #nextRun = 0;

  constructor(
    private readonly store: StateStore,
    private readonly prefix: string,
    private readonly options: IdentityIndexOptions = usual,
  ) {
    for (const [key, bytes] of store.entries(`${prefix}new:`)) this.#readJournal(key, printsOf(bytes));
    this.#readRuns();
  }

  /** 1: known with this content, 0: with another, -1: not known. */
  find(prints: Uint32Array, at: number): number {
    let found = this.#table.find(prints, at);
    for (let place = this.#runs.length - 1; found < 0 && place >= 0; place--) found = this.#runs[place]!.run.find(prints, at, this.#read);
    return found;
  }

  add(prints: Uint32Array, at: number): void {
    this.#table.add(prints, at);
    for (let word = 0; word < printWords; word++) this.#added.push(prints[at + word]!);
  }

  /** What was added since the last call is written under this name, which must be new; names sort as they were given. */
  takeChanges(name: string, into: Map<string, Uint8Array | undefined>): void {
    this.#fresh.clear();
    if (this.#added.length === 0) return;
    const key = `${this.prefix}new:${name}`;
    into.set(key, new Uint8Array(Uint32Array.from(this.#added).buffer));
    this.#journal.push(key);
    this.#added = [];
    if (this.#table.count >= this.options.tablePrints) this.#seal(into);
  }

  #seal(into: Map<string, Uint8Array | undefined>): void {
    for (const key of this.#journal) into.set(key, undefined);
    this.#journal = [];
    const taken: Uint32Array[] = [this.#table.sorted()];
    this.#table.clear();
    for (let size = this.options.tablePrints; ; size *= this.options.mergedRuns) {
      const alike = this.#runs.filter(({ run }) => run.count >= size && run.count < size * this.options.mergedRuns);
      if (alike.length < this.options.mergedRuns - 1 || size * this.options.mergedRuns > this.options.largestMerge) break;
      for (const old of alike) taken.push(this.#takeOut(old, into));
    }
    const number = this.#nextRun++;
    const { run, values } = IdentityRun.of(this.#runPrefix(number), mergedAll(taken));
    for (const [key, bytes] of values) {
      into.set(key, bytes);
      this.#fresh.set(key, printsOf(bytes));
    }
    this.#runs.push({ number, run });
  }

  /** A run made in this very commit is not merged in it, so all of it is in the store. */
  #takeOut(old: NumberedRun, into: Map<string, Uint8Array | undefined>): Uint32Array {
    const prints = old.run.readAll(this.store);
    for (const key of old.run.keys) {
      into.set(key, undefined);
      this.#blocks.delete(key);
    }
    this.#runs.splice(this.#runs.indexOf(old), 1);
    return prints;
  }

  #readJournal(key: string, prints: Uint32Array): void {
    for (let at = 0; at < prints.length; at += printWords) this.#table.add(prints, at);
    this.#journal.push(key);
  }

  /** Two passes: a run's filter is as large as the run. */
  #readRuns(): void {
    const prefix = `${this.prefix}run:`;
    const counts = new Map<number, number>();
    const numberOf = (key: string): number => Number(key.slice(prefix.length, prefix.length + 8));
    for (const [key, bytes] of this.store.entries(prefix)) counts.set(numberOf(key), (counts.get(numberOf(key)) ?? 0) + bytes.byteLength / (4 * printWords));
    for (const [number, count] of counts) this.#runs.push({ number, run: new IdentityRun(this.#runPrefix(number), count) });
    const runs = new Map(this.#runs.map(({ number, run }) => [number, run]));
    for (const [key, bytes] of this.store.entries(prefix)) runs.get(numberOf(key))!.addBlock(printsOf(bytes));
    this.#nextRun = Math.max(-1, ...counts.keys()) + 1;
  }

  readonly #read = (key: string): Uint32Array => {
    const fresh = this.#fresh.get(key);
    if (fresh) return fresh;
    const known = this.#blocks.get(key);
    const block = known ?? printsOf(this.store.get(key)!);
    if (known) this.#blocks.delete(key);
    else if (this.#blocks.size >= this.options.keptBlocks) this.#blocks.delete(this.#blocks.keys().next().value!);
    this.#blocks.set(key, block);
    return block;
  };

  #runPrefix(number: number): string {
    return `${this.prefix}run:${String(number).padStart(8, '0')}:`;
  }
}

/** The shortest first, so that each print is moved a few times only. */
function mergedAll(rows: readonly Uint32Array[]): Uint32Array {
  const left = [...rows];
  while (left.length > 1) {
    left.sort((a, b) => a.length - b.length);
    left.push(merged(left.shift()!, left.shift()!));
  }
  return left[0]!;
}
