import { cautiousPolicy, type DecisionRecord } from '@sp/contracts';
import { describe, expect, it } from 'vitest';
import { aCandidate, aDecisionInput, aScored, inArm, noonMs } from './builders';
import { noContact } from './contact-state';
import { dayMs } from './day-ms';
import { decide } from './decide';
import { explainDecision } from './explain-decision';

const stored = (record: DecisionRecord): DecisionRecord => JSON.parse(JSON.stringify(record)) as DecisionRecord;
const exposed = { ...noContact, exposures: [6, 4, 2].map((days) => ({ campaignId: 'k-9', timeMs: noonMs - days * dayMs, ghost: false })) };
const candidates = [aCandidate({ campaignId: 'k-1', conversion: 0.1 }), aCandidate({ campaignId: 'k-2', conversion: 0.3 })];

describe('explainDecision', () => {
  it('says what would have been offered without the weekly cap', () => {
    const { record } = decide(aDecisionInput({ scored: aScored({ candidates }), contact: exposed }));
    const { words, counterfactuals } = explainDecision(stored(record));
    expect(words.at(-1)).toBe('No offer: as many offers this week as the policy allows (found 3, the rule says 3).');
    expect(counterfactuals).toEqual([expect.objectContaining({ without: 'weekly-cap', outcome: 'offer', campaignId: 'k-2', words: 'Without the rule "weekly-cap": offer 10 % at m-2 for 7 days, from 10.00 EUR, worth 1.20 EUR' })]);
  });

  it('names of each loser the rule, what it found and what it wanted', () => {
    const contact = { ...noContact, declines: [{ merchantId: 'm-2', timeMs: noonMs - 10 * dayMs }] };
    const { record } = decide(aDecisionInput({ scored: aScored({ candidates }), contact }));
    const { losers, counterfactuals } = explainDecision(stored(record));
    expect(losers).toEqual(['k-2 10 % at m-2 for 7 days, from 10.00 EUR: P 30.0 %, worth 1.20 EUR: declined-recently (found 10, the rule says 30)']);
    expect(counterfactuals).toMatchObject([{ without: 'declined-recently', campaignId: 'k-2' }]);
  });

  it('says what would have been chosen without chance', () => {
    const policy = { ...cautiousPolicy, exploration: { ...cautiousPolicy.exploration, share: 1 } };
    const drawn = Array.from({ length: 50 }, (_, client) => decide(aDecisionInput({ clientId: `c-${client}`, policy, scored: aScored({ candidates }), experiment: inArm('model') })).record).find(({ offer }) => offer?.campaignId === 'k-1')!;
    expect(explainDecision(stored(drawn)).counterfactuals).toMatchObject([{ without: 'exploration', campaignId: 'k-2' }]);
  });

  it('takes the chosen score apart, so that its parts add up to the margin', () => {
    const { record } = decide(aDecisionInput({ scored: aScored({ candidates }) }));
    const columns = record.features.length;
    const trees = { columns, baseMargin: -1, trees: [{ left: [1, -1, -1], right: [2, -1, -1], feature: [0, 0, 0], threshold: [5, -0.5, 0.8], missingGoesLeft: [true, false, false], cover: [10, 4, 6] }] };
    const [score] = explainDecision(stored(record), { trees, featureNames: Array.from({ length: columns }, (_, place) => `f${place}`) }).scores;
    expect(score).toMatchObject({ chosen: true, campaignId: 'k-2', contributions: [{ feature: 'f0', value: 7 }] });
    expect(score!.biasLogOdds + score!.contributions[0]!.logOdds + score!.restLogOdds).toBeCloseTo(score!.marginLogOdds, 12);
    expect(score!.marginLogOdds).toBeCloseTo(-0.2, 12);
  });
});
