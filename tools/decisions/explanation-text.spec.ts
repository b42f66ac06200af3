import type { DecisionDetail } from '@sp/contracts';
import { expect, it } from 'vitest';
import { explanationText, recomputedText } from './explanation-text';

const terms = { discountPercent: 10, validityDays: 7, minimumCheckMinor: 0 };
const decision = {
  decisionId: 'd-1', timeMs: Date.UTC(2026, 0, 5, 12),
  explanation: {
    words: ['Client c-1: a decision was due by event (app-opened).', 'No offer: as many offers this week as the policy allows (found 3, the rule says 3).'],
    losers: Array.from({ length: 14 }, (_, number) => `k-${number} lost`),
    scores: [{ campaignId: 'k-1', merchantId: 'm-1', terms, chosen: true, conversion: 0.25, marginLogOdds: -1.1, biasLogOdds: -1.5, contributions: [{ feature: 'purchases7d', value: null, logOdds: 0.3 }], restLogOdds: 0.1 }],
    counterfactuals: [{ without: 'weekly-cap', outcome: 'offer', reason: 'chosen', valueMinor: 120, words: 'Without the rule "weekly-cap": offer 10 % at m-1 for 7 days, worth 1.20 EUR' }],
  },
} as unknown as DecisionDetail;

it('tells a decision in a terminal: words, scores that add up, losers, and what would have been', () => {
  expect(explanationText(decision).split('\n')).toEqual([
    'Decision d-1 of 2026-01-05T12:00:00.000Z',
    '  Client c-1: a decision was due by event (app-opened).',
    '  No offer: as many offers this week as the policy allows (found 3, the rule says 3).',
    '', 'What made the scores (log-odds; bias + features = margin)',
    '  k-1, 10 %, chosen: P 25.0 %, margin -1.100', '    -1.500  the mean of all', '    +0.300  purchases7d = not known', '    +0.100  all other features',
    '', 'What was not chosen', ...Array.from({ length: 12 }, (_, number) => `  k-${number} lost`), '  and 2 more (--json shows them)',
    '', 'Otherwise', '  Without the rule "weekly-cap": offer 10 % at m-1 for 7 days, worth 1.20 EUR',
  ]);
});

it('says plainly when a log no longer reaches back', () => {
  expect(recomputedText({ fromRecord: 'same', fromLog: 'log-cut', frames: 90, firstFrame: 40, from: 0 })).toContain('the log is kept from frame 40 on');
});
