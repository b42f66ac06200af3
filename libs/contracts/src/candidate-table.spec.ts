import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packCandidates, packConsidered, readCandidates, readConsidered } from './candidate-table';
import { packColumn, readColumn } from './column';
import type { ConsideredCandidate, ScoredCandidate } from './decisions';

const inJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const number = fc.oneof(fc.constantFrom(0, 1, -1, NaN, 0.1), fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((value) => value + 0));

it('keeps every number of a column, in memory and through JSON', () => {
  fc.assert(fc.property(fc.array(number, { maxLength: 64 }), (values) => {
    expect(readColumn(packColumn(values), values.length)).toEqual(values);
    expect(readColumn(inJson(packColumn(values)), values.length)).toEqual(values);
  }));
});

it('writes what is the same once, and few different ones as letters', () => {
  expect(packColumn([7, 7, 7])).toBe(7);
  expect(packColumn([5, 10, 5, 10, 5, 10])).toEqual({ of: [5, 10], at: '010101' });
  expect(packColumn([1, 2, 3])).toEqual([1, 2, 3]);
  expect(packColumn([])).toEqual([]);
});

const scored = fc.record({
  campaignId: fc.constantFrom('k-1', 'k-2'), merchantId: fc.constantFrom('m-1', 'm-2'), objective: fc.constantFrom('spend' as const, 'frequency' as const), currency: fc.constant('EUR'),
  terms: fc.record({ discountPercent: fc.constantFrom(5, 10), validityDays: fc.constantFrom(3, 7), minimumCheckMinor: fc.nat(3), maximumDiscountMinor: fc.nat(2) }, { requiredKeys: ['discountPercent', 'validityDays', 'minimumCheckMinor'] }),
  marginPercent: fc.constantFrom(20, 30), retrievedBy: fc.constantFrom('popular' as const, 'habit' as const), features: fc.array(number, { minLength: 5, maxLength: 5 }), conversion: number,
  correction: fc.constantFrom(0.5, 2), expectedCheckMinor: fc.nat(), usualCheckMinor: fc.nat(2), knownMerchant: fc.boolean(), online: fc.boolean(), distanceKm: fc.constantFrom(0.5, 2),
}, { requiredKeys: ['campaignId', 'merchantId', 'objective', 'currency', 'terms', 'marginPercent', 'retrievedBy', 'features', 'conversion', 'expectedCheckMinor', 'knownMerchant'] });

const candidates = fc.array(scored as fc.Arbitrary<ScoredCandidate>, { maxLength: 20 });

it('makes of a table the same candidates again, in memory and through JSON', () => {
  fc.assert(fc.property(candidates, (rows) => {
    expect(readCandidates(packCandidates(rows))).toEqual(rows);
    expect(readCandidates(inJson(packCandidates(rows)))).toEqual(rows);
  }));
});

it('tells what chance or worth removed from the row’s own numbers, and what a rule found as it was', () => {
  const [row] = fc.sample(scored as fc.Arbitrary<ScoredCandidate>, { numRuns: 1, seed: 1 });
  const judged = (over: Partial<ConsideredCandidate>): ConsideredCandidate => ({ ...row!, baseline: 0.25, shadowPrice: 0, valueMinor: 120.5, propensity: 0, ...over });
  const considered = [
    judged({ propensity: 0.95 }), judged({ valueMinor: 3, propensity: 0.05, removedBy: 'lost-on-value', finding: { value: 3, threshold: 120.5 } }), judged({ propensity: 0.05, removedBy: 'not-drawn', finding: { value: 0.05, threshold: 'drawn by lot' } }),
    judged({ valueMinor: -2, removedBy: 'value-not-positive', finding: { value: -2, threshold: 0 } }), judged({ removedBy: 'too-far', finding: { value: 51, threshold: 50 } }), judged({ removedBy: 'too-far', finding: { value: 51, threshold: 50 } }),
  ];
  const packed = packConsidered(considered);
  expect(packed.removals).toEqual([{ removedBy: 'lost-on-value' }, { removedBy: 'not-drawn' }, { removedBy: 'value-not-positive' }, { removedBy: 'too-far', finding: { value: 51, threshold: 50 } }]);
  expect(readConsidered(inJson(packed))).toEqual(considered);
});
