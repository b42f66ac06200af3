import { sumOfRows, uniform, type NumberRow } from '@sp/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correctionOf, issuedDeltas, redeemedDeltas, type BanditDelta, type BanditOffer } from './bandit';
import { noonMs } from './builders';
import { dayMs } from './day-ms';

const cell = { campaignId: 'k-1', segment: 'mass', modelVersion: 'm1' };
const validityDays = 7;

function tableOf(deltas: readonly BanditDelta[]): (key: string) => NumberRow | undefined {
  const rows = new Map<string, NumberRow>();
  for (const { key, delta } of deltas) rows.set(key, sumOfRows(rows.get(key), delta));
  return (key) => rows.get(key);
}

const at = (day: number) => ({ timeMs: noonMs + day * dayMs, validityDays });

/** So many offers a day, of which this share is redeemed, early in their time; told as far as `untilDay`. */
function lived({ fromDay = 0, untilDay, share, perDay = 40, segment = 'mass' }: { fromDay?: number; untilDay: number; share: number; perDay?: number; segment?: string }): BanditDelta[] {
  const deltas: BanditDelta[] = [];
  for (let day = fromDay; day < untilDay; day++) {
    for (let number = 0; number < perDay; number++) {
      const offer: BanditOffer = { ...cell, segment, issuedAtMs: noonMs + day * dayMs, validityDays, conversion: 0.2 };
      deltas.push(...issuedDeltas(offer));
      const redeemedAtMs = offer.issuedAtMs + uniform(day, number, 'delay') ** 1.5 * validityDays * dayMs;
      if (uniform(day, number, 'redeems') < share && redeemedAtMs < noonMs + untilDay * dayMs) deltas.push(...redeemedDeltas(offer, redeemedAtMs, 1));
    }
  }
  return deltas;
}

describe('correctionOf', () => {
  it('believes the model where nothing was seen', () => {
    expect(correctionOf(cell, at(0), () => undefined)).toMatchObject({ factor: 1 });
  });

  it('stays by a model that is right, also on the first days, when most offers still wait for their answer', () => {
    for (const untilDay of [1, 3, 5, 8, 14, 30]) {
      const { factor, deviation } = correctionOf(cell, at(untilDay), tableOf(lived({ untilDay, share: 0.2 })));
      expect(Math.abs(factor - 1)).toBeLessThan(3 * deviation);
      expect(Math.abs(factor - 1)).toBeLessThan(0.35);
    }
  });

  it('finds by how much the model is wrong', () => {
    expect(correctionOf(cell, at(20), tableOf(lived({ untilDay: 20, share: 0.1 }))).factor).toBeCloseTo(0.5, 0);
    expect(correctionOf(cell, at(20), tableOf(lived({ untilDay: 20, share: 0.4 }))).factor).toBeGreaterThan(1.7);
  });

  it('follows a change of tastes within a week and has forgotten the time before in six', () => {
    const deltas = (days: number) => tableOf([...lived({ untilDay: 60, share: 0.2 }), ...lived({ fromDay: 60, untilDay: 60 + days, share: 0.04 })]);
    expect(correctionOf(cell, at(67), deltas(7)).factor).toBeLessThan(0.85);
    expect(correctionOf(cell, at(102), deltas(42)).factor).toBeLessThan(0.35);
  });

  it('lends a segment of which little is known what its campaign has shown', () => {
    const rows = tableOf(lived({ untilDay: 30, share: 0.4 }));
    expect(correctionOf({ ...cell, segment: 'affluent' }, at(30), rows).factor).toBeGreaterThan(1.5);
    expect(correctionOf({ ...cell, campaignId: 'k-2' }, at(30), rows).factor).toBe(1);
    expect(correctionOf({ ...cell, modelVersion: 'm2' }, at(30), rows).factor).toBe(1);
  });

  it('is surer the more it has seen', () => {
    const [few, many] = [10, 100].map((perDay) => correctionOf(cell, at(10), tableOf(lived({ untilDay: 10, share: 0.2, perDay }))).deviation);
    expect(many!).toBeLessThan(few!);
  });

  it('is the same in whatever order the answers are added', () => {
    const deltas = lived({ untilDay: 4, share: 0.3, perDay: 10 });
    const expected = correctionOf(cell, at(4), tableOf(deltas));
    fc.assert(
      fc.property(fc.shuffledSubarray(deltas, { minLength: deltas.length }), (shuffled) => {
        expect(correctionOf(cell, at(4), tableOf(shuffled)).factor).toBeCloseTo(expected.factor, 12);
      }),
      { numRuns: 50 },
    );
  });

  it('forgets a redemption that was taken back', () => {
    const offer: BanditOffer = { ...cell, issuedAtMs: noonMs, validityDays, conversion: 0.2 };
    const [issued, once, back] = [issuedDeltas(offer), redeemedDeltas(offer, noonMs + dayMs, 1), redeemedDeltas(offer, noonMs + dayMs, -1)];
    expect(correctionOf(cell, at(7), tableOf([...issued, ...once, ...back]))).toEqual(correctionOf(cell, at(7), tableOf(issued)));
  });

  it('leaves out offers of which no model said anything', () => {
    const offer: BanditOffer = { ...cell, issuedAtMs: noonMs, validityDays, conversion: 0 };
    expect([...issuedDeltas(offer), ...redeemedDeltas(offer, noonMs, 1)]).toEqual([]);
  });
});
