import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BudgetLedger } from './budget-ledger';
import { grantsOfPartition, splitExactly } from './budget-split';
import { alwaysOnExperiment, arms } from './experiment';

const { weights } = alwaysOnExperiment;
const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);
const someBudget = fc.integer({ min: 0, max: 10_000_000_000 });

describe('splitExactly', () => {
  it('loses no minor unit and is nowhere off by one', () => {
    fc.assert(
      fc.property(someBudget, fc.array(fc.double({ min: 0.01, max: 10, noNaN: true }), { minLength: 1, maxLength: 40 }), (total, shares) => {
        const parts = splitExactly(total, shares);
        expect(sum(parts)).toBe(total);
        parts.forEach((part, place) => expect(Math.abs(part - (total * shares[place]!) / sum(shares))).toBeLessThan(1.001));
      }),
    );
  });

  it('gives what is left over to the largest remainders', () => {
    expect(splitExactly(10, [1, 1, 1])).toEqual([4, 3, 3]);
    expect(splitExactly(7, [0.5, 0.2, 0.3])).toEqual([4, 1, 2]);
    expect(splitExactly(7, [0, 0])).toEqual([0, 0]);
  });
});

describe('grantsOfPartition', () => {
  it('makes up the budget exactly over partitions and paying arms', () => {
    fc.assert(
      fc.property(someBudget, fc.integer({ min: 1, max: 16 }), (budgetMinor, partitions) => {
        const grants = Array.from({ length: partitions }, (_, partition) => grantsOfPartition(budgetMinor, { partition, partitions, weights }));
        expect(sum(grants.map(({ random, rules, model }) => random + rules + model))).toBe(budgetMinor);
      }),
    );
  });

  it('gives the holdout a ghost budget as large for a client as the model’s', () => {
    const grants = grantsOfPartition(8_000_000, { partition: 1, partitions: 4, weights });
    expect(grants).toEqual({ holdout: 500_000, random: 375_000, rules: 375_000, model: 1_250_000 });
    expect(grants.holdout / weights.holdout).toBe(grants.model / weights.model);
  });
});

describe('BudgetLedger', () => {
  const aLedger = (budgetMinor: number): BudgetLedger => {
    const ledger = new BudgetLedger({ partition: 0, partitions: 1, weights: { holdout: 1, random: 0, rules: 0, model: 1 } });
    ledger.grant('k-1', budgetMinor);
    return ledger;
  };

  it('reserves, spends at most what was reserved, and frees the rest', () => {
    const ledger = aLedger(1000);
    ledger.move({ campaignId: 'k-1', arm: 'model', reservedMinor: 300, spentMinor: 0 });
    expect(ledger.availableMinor('k-1', 'model')).toBe(700);
    ledger.move({ campaignId: 'k-1', arm: 'model', reservedMinor: -300, spentMinor: 120 });
    expect(ledger.cellOf('k-1', 'model')).toEqual({ grantedMinor: 1000, reservedMinor: 0, spentMinor: 120 });
    expect(ledger.availableMinor('k-1', 'holdout')).toBe(1000);
  });

  it('grants once however often a campaign is published, and takes back only what is free', () => {
    const ledger = aLedger(1000);
    ledger.move({ campaignId: 'k-1', arm: 'model', reservedMinor: 300, spentMinor: 0 });
    ledger.grant('k-1', 1000);
    expect(ledger.availableMinor('k-1', 'model')).toBe(700);
    ledger.grant('k-1', 200);
    expect(ledger.cellOf('k-1', 'model')).toEqual({ grantedMinor: 300, reservedMinor: 300, spentMinor: 0 });
    ledger.grant('k-1', 2000);
    expect(ledger.availableMinor('k-1', 'model')).toBe(1700);
  });

  it('knows no money of a campaign that it does not know', () => {
    expect(aLedger(1000).availableMinor('k-2', 'model')).toBe(0);
    expect(() => aLedger(1000).move({ campaignId: 'k-2', arm: 'model', reservedMinor: 1, spentMinor: 0 })).toThrow(RangeError);
  });

  it('stops rather than overspend, whatever is asked of it', () => {
    const movement = fc.record({ campaignId: fc.constant('k-1'), arm: fc.constantFrom(...arms), reservedMinor: fc.integer({ min: -500, max: 500 }), spentMinor: fc.integer({ min: -100, max: 500 }) });
    fc.assert(
      fc.property(fc.array(fc.oneof(movement, fc.integer({ min: 0, max: 2000 })), { maxLength: 60 }), (steps) => {
        const ledger = aLedger(1000);
        for (const step of steps) {
          if (typeof step === 'number') ledger.grant('k-1', step);
          else attempt(() => ledger.move(step));
          for (const arm of arms) {
            const { grantedMinor, reservedMinor, spentMinor } = ledger.cellOf('k-1', arm)!;
            expect(reservedMinor).toBeGreaterThanOrEqual(0);
            expect(spentMinor + reservedMinor).toBeLessThanOrEqual(grantedMinor);
          }
        }
      }),
    );
  });
});

function attempt(move: () => void): void {
  try {
    move();
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
  }
}
