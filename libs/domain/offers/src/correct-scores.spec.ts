import { sumOfRows, type NumberRow } from '@sp/contracts';
import { expect, it } from 'vitest';
import { issuedDeltas } from './bandit';
import { aCandidate, aDecisionInput, aScored, noonMs } from './builders';
import { correctScores, type OfferAnswers } from './correct-scores';
import { dayMs } from './day-ms';
import { decide } from './decide';

const scored = aScored({ candidates: [aCandidate({ campaignId: 'k-1', conversion: 0.2 }), aCandidate({ campaignId: 'k-2', conversion: 0.15 })] });
const timeMs = noonMs + 30 * dayMs;

/** Of the offers of `k-1` fifty redemptions were expected and none has come. */
function disappointed(version = 7): OfferAnswers {
  const rows = new Map<string, NumberRow>();
  for (let number = 0; number < 250; number++) {
    const offer = { campaignId: 'k-1', segment: 'mass', modelVersion: 'm1', issuedAtMs: timeMs - 10 * dayMs, validityDays: 7, conversion: 0.2 };
    for (const { key, delta } of issuedDeltas(offer)) rows.set(key, sumOfRows(rows.get(key), delta));
  }
  return { version, row: (key) => rows.get(key) };
}

it('turns the model’s arm from a campaign whose offers fail, and says by how much', () => {
  const corrected = correctScores(scored, { arm: 'model', timeMs, answers: disappointed() });
  expect(corrected.candidates[0]!.correction).toBeLessThan(0.5);
  expect(corrected.candidates[0]!.conversion).toBeCloseTo(0.2 * corrected.candidates[0]!.correction!, 12);
  expect(corrected.candidates[1]).toEqual(scored.candidates[1]);
  const chosenOf = (input: typeof scored): string | undefined => decide(aDecisionInput({ scored: input })).record.offer?.campaignId;
  expect([chosenOf(scored), chosenOf(corrected)]).toEqual(['k-1', 'k-2']);
  expect(decide(aDecisionInput({ scored: corrected })).record.considered[0]!.correction).toBe(corrected.candidates[0]!.correction);
});

it('corrects the holdout’s ghosts alike, and leaves other arms and what no model scored', () => {
  const of = (arm: 'holdout' | 'random' | 'rules', over = {}) => correctScores({ ...scored, ...over }, { arm, timeMs, answers: disappointed() });
  expect(of('holdout').candidates[0]!.correction).toBeLessThan(0.5);
  expect([of('random'), of('rules'), of('holdout', { modelVersion: 'none' })].map(({ candidates }) => candidates)).toEqual([scored.candidates, scored.candidates, scored.candidates]);
  expect(correctScores(scored, { arm: 'model', timeMs, answers: disappointed(0) })).toBe(scored);
});

it('begins anew with another model', () => {
  expect(correctScores({ ...scored, modelVersion: 'm2' }, { arm: 'model', timeMs, answers: disappointed() }).candidates).toEqual(scored.candidates);
});
