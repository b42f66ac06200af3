import { printWords } from '@sp/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdentityIndex } from './identity-index';
import { InMemoryStateStore } from './in-memory-state-store';

const small = { tablePrints: 8, mergedRuns: 2, largestMerge: 64, keptBlocks: 2 };
/** First words are few, so that many identities share one. */
const print = (identity: number, content: number): Uint32Array => Uint32Array.of(identity % 5, 1 + identity, content, 7);

class Owner {
  #commits = 0;
  index: IdentityIndex;

  constructor(readonly store = new InMemoryStateStore()) {
    this.index = new IdentityIndex(store, 'ids:1:', small);
  }

  async commit(): Promise<void> {
    const values = new Map<string, Uint8Array | undefined>();
    this.index.takeChanges(String(++this.#commits).padStart(6, '0'), values);
    await this.store.commit({ position: { input: 0, output: 0 }, values, timers: new Map() });
  }

  /** What was not committed is gone. */
  restart(): void {
    this.index = new IdentityIndex(this.store, 'ids:1:', small);
  }
}

describe('the index of identities', () => {
  it('knows what a plain map knows, through full tables, merges and restarts', async () => {
    const steps = fc.array(fc.record({ identity: fc.integer({ min: 0, max: 400 }), content: fc.constantFrom(1, 2), then: fc.constantFrom('go on', 'go on', 'commit', 'restart') }), { maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(steps, async (given) => {
        const owner = new Owner();
        let [known, committed] = [new Map<number, number>(), new Map<number, number>()];
        for (const { identity, content, then } of given) {
          const expected = known.has(identity) ? (known.get(identity) === content ? 1 : 0) : -1;
          expect(owner.index.find(print(identity, content), 0)).toBe(expected);
          if (expected < 0) {
            owner.index.add(print(identity, content), 0);
            known.set(identity, content);
          }
          if (then === 'commit') {
            await owner.commit();
            committed = new Map(known);
          } else if (then === 'restart') {
            owner.restart();
            known = new Map(committed);
          }
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('keeps a hundred thousand in a few runs, finds each of them and none that is not there', async () => {
    const owner = new Owner();
    const index = (owner.index = new IdentityIndex(owner.store, 'ids:1:'));
    const prints = new Uint32Array(200_000 * printWords);
    for (let at = 0; at < prints.length; at += printWords) prints.set([Math.imul(at, 2_654_435_761) >>> 0, at + 1, at, at], at);
    for (let at = 0; at < prints.length / 2; at += printWords) {
      index.add(prints, at);
      if (at % (500 * printWords) === 0) await owner.commit();
    }
    await owner.commit();
    const again = new IdentityIndex(owner.store, 'ids:1:');
    for (let at = 0; at < prints.length; at += printWords) if (again.find(prints, at) !== (at < prints.length / 2 ? 1 : -1)) throw new Error(`wrong at ${at}`);
    expect([...owner.store.entries('ids:1:run:')].length).toBeLessThan(20);
  }, 30_000);
});
