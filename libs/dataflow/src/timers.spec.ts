import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Timers } from './timers';

/** What a timer is, said as simply as it can be. */
class PlainTimers {
  readonly #atByKey = new Map<string, number>();

  set(key: string, atMs: number | undefined): void {
    if (atMs === undefined) this.#atByKey.delete(key);
    else this.#atByKey.set(key, atMs);
  }

  takeDue(nowMs: number): string | undefined {
    const due = [...this.#atByKey].filter(([, atMs]) => atMs <= nowMs).sort(([a, one], [b, other]) => one - other || (a < b ? -1 : 1));
    if (due[0]) this.#atByKey.delete(due[0][0]);
    return due[0]?.[0];
  }
}

const step = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), atMs: fc.option(fc.nat(20), { nil: undefined }), nowMs: fc.option(fc.nat(20), { nil: undefined }) });

it('wakes as if each key had one time, however often it was moved or switched off; what it tells of changes makes the same timers again', () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const [plain, stored] = [new PlainTimers(), new Map<string, number>()];
    let timers = new Timers();
    for (const [number, { key, atMs, nowMs }] of steps.entries()) {
      plain.set(key, atMs);
      timers.set(key, atMs);
      if (nowMs !== undefined) expect(timers.takeDue(nowMs)).toBe(plain.takeDue(nowMs));
      for (const [changed, at] of timers.takeChanges()) if (at === undefined) stored.delete(changed); else stored.set(changed, at);
      if (number % 7 === 6) timers = new Timers(stored);
    }
    for (let left = 0; left < 5; left++) expect(timers.takeDue(100)).toBe(plain.takeDue(100));
  }), { numRuns: 2_000 });
});
