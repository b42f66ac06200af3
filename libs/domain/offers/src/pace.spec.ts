import { cautiousPolicy } from '@sp/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { aCampaign, aCandidate, aDecisionInput, aProfile, aScored, noonMs } from './builders';
import { dayMs } from './day-ms';
import { decide } from './decide';
import { paceOf, shadowPriceOf } from './pace';

const campaign = aCampaign({ startsAt: new Date(noonMs - 10 * dayMs).toISOString(), endsAt: new Date(noonMs + 10 * dayMs).toISOString() });
const cell = (spentMinor: number, reservedMinor = 0) => ({ grantedMinor: 1000, reservedMinor, spentMinor });

it('allows the share of the campaign’s time that is over, and a head start', () => {
  expect(paceOf(cell(200, 300), campaign, noonMs, cautiousPolicy)).toEqual({ usedMinor: 230, allowedMinor: 750 });
  expect(paceOf(cell(0), campaign, noonMs + 9 * dayMs, cautiousPolicy).allowedMinor).toBe(1000);
});

it('prices a budget from 0 to 1 as its pace is used up, never falling', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 1000 }), (a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)].map((spent) => shadowPriceOf(paceOf(cell(spent), campaign, noonMs, cautiousPolicy), cautiousPolicy)) as [number, number];
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(low).toBeLessThanOrEqual(high);
    }),
  );
});

it('keeps a campaign that is ahead of its days, and says by how much', () => {
  const over = { budget: { cellOf: () => cell(751) }, campaigns: { find: () => campaign }, scored: aScored({ candidates: [aCandidate({ terms: { discountPercent: 1, validityDays: 7, minimumCheckMinor: 0 } })] }) };
  expect(decide(aDecisionInput(over)).record.considered[0]).toMatchObject({ removedBy: 'ahead-of-pace', finding: { value: 751, threshold: 750 } });
});

it('lets a dear budget tip an offer that would just pay', () => {
  const scored = aScored({ candidates: [aCandidate({ marginPercent: 12 })] });
  const at = (spentMinor: number) => decide(aDecisionInput({ scored, budget: { cellOf: () => ({ grantedMinor: 10_000, reservedMinor: 0, spentMinor }) }, campaigns: { find: () => campaign } })).record;
  expect(at(0)).toMatchObject({ outcome: 'offer', valueMinor: 4 });
  expect(at(7400)).toMatchObject({ outcome: 'none', reason: 'no-positive-value' });
});

it('counts only what the client would not have done anyhow, by the campaign’s objective', () => {
  // Ten purchases in 100 days: in a week he comes with probability 1 - exp(-0.7) = 0.50 anyhow.
  const profile = aProfile({ firstSeenMs: noonMs - 100 * dayMs, merchants: [{ merchantId: 'm-1', purchases: 10, lastMs: noonMs }] });
  const valueOf = (over: object): number => decide(aDecisionInput({ scored: aScored({ profile, candidates: [aCandidate({ conversion: 0.6, knownMerchant: true, expectedCheckMinor: 2000, usualCheckMinor: 1500, marginPercent: 50, ...over })] }) })).record.considered[0]!.valueMinor;
  const anyhow = 1 - Math.exp(-0.7);
  expect(valueOf({ objective: 'spend' })).toBeCloseTo((0.6 * 2000 - anyhow * 1500) * 0.5 - 0.6 * 200, 6);
  expect(valueOf({ objective: 'frequency' })).toBeCloseTo((0.6 - anyhow) * 1500 * 0.5 - 0.6 * 200, 6);
  expect(valueOf({ objective: 'average-check' })).toBeCloseTo(0.6 * 500 * 0.5 - 0.6 * 200, 6);
  expect(valueOf({ objective: 'spend', merchantId: 'm-2' })).toBeCloseTo(0.6 * 2000 * 0.5 - 0.6 * 200, 6);
});
