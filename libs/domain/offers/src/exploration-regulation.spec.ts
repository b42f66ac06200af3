import { cautiousPolicy, decisionPolicySchema, uniform } from '@sp/contracts';
import { describe, expect, it } from 'vitest';
import { noonMs } from './builders';
import { cautiousBounds, regulateExploration, retrainingReason, surpriseOf, type CampaignAnswers, type Surprise } from './exploration-regulation';

const own = { timeMs: noonMs };
const told = (dispersion: number): Surprise => ({ campaigns: 20, dispersion, chance: 0.63 });

/** Twenty campaigns of 400 offers each; some of them answer by `factor` more or less than is predicted. */
function answers(seed: number, factor = 1, changed = 0): CampaignAnswers[] {
  return Array.from({ length: 20 }, (_, campaign) => {
    const share = 0.1 * (campaign < changed ? factor : 1);
    const redeemed = Array.from({ length: 400 }, (_, offer) => Number(uniform(seed, campaign, offer) < share)).reduce((sum, one) => sum + one, 0);
    return { campaignId: `k-${campaign}`, expected: 40, redeemed };
  });
}

describe('surpriseOf', () => {
  it('is about 1 where the predictions are right, and seldom leaves what chance brings', () => {
    const left = Array.from({ length: 100 }, (_, seed) => surpriseOf(answers(seed))!).filter(({ dispersion, chance }) => Math.abs(dispersion - 1) > chance);
    expect(left.length).toBeLessThan(12);
  });

  it('grows where some campaigns answer otherwise than predicted', () => {
    expect(surpriseOf(answers(1, 0.3, 6))!.dispersion).toBeGreaterThan(4);
  });

  it('says nothing of too little', () => {
    expect(surpriseOf([{ campaignId: 'k', expected: 3, redeemed: 9 }])).toBeUndefined();
  });
});

describe('regulateExploration', () => {
  it('tries more while predictions are off, within its bounds, and goes back when they are right again', () => {
    const more = regulateExploration(cautiousPolicy, told(4), own)!;
    expect(more.changes.exploration).toMatchObject({ share: 0.2, newcomerShare: 0.2 });
    expect(more.reason).toContain('4.0 times as far');
    expect(regulateExploration(cautiousPolicy, told(100), own)!.changes.exploration.share).toBe(cautiousBounds.highestShare);
    const regulated = decisionPolicySchema.parse({ ...cautiousPolicy, ...more.changes });
    expect(regulateExploration(regulated, told(1.2), own)!.changes.exploration.share).toBe(0.1);
    expect(regulateExploration(regulated, told(4), own)).toBeUndefined();
  });

  it('leaves a person’s policy alone, and changes nothing by chance or without knowing', () => {
    expect(regulateExploration({ ...cautiousPolicy, version: 'ours' }, told(9), own)).toBeUndefined();
    expect([told(1.5), undefined].map((surprise) => regulateExploration(cautiousPolicy, surprise, own))).toEqual([undefined, undefined]);
  });

  it('follows a planted change of tastes and its end', () => {
    const during = regulateExploration(cautiousPolicy, surpriseOf(answers(3, 0.3, 6)), own)!;
    expect(during.changes.exploration.share).toBeGreaterThan(0.15);
    expect(retrainingReason(surpriseOf(answers(3, 0.3, 6)))).toBeDefined();
    const after = regulateExploration({ ...cautiousPolicy, ...during.changes }, surpriseOf(answers(4)), own)!;
    expect(after.changes.exploration.share).toBe(cautiousBounds.usualShare);
    expect(retrainingReason(surpriseOf(answers(4)))).toBeUndefined();
  });
});
