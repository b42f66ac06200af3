import { describe, expect, it } from 'vitest';
import { judgePolicy } from './judge-policy';
import { momentOf, type LoggedMoment } from './logged-moment';
import { alwaysModel, constantCampaign, randomPolicy, rulesPolicy } from './policies';

const candidate = (campaignId: string, valueMinor: number, removedBy?: string) => ({ campaignId, terms: { discountPercent: 10 }, valueMinor, ...(removedBy !== undefined && { removedBy }) });

function moments(count: number): LoggedMoment[] {
  return Array.from({ length: count }, (_, number) => ({
    clientId: `c-${number}`, arm: 'random', eligible: [candidate('k-1', 5), candidate('k-2', -1)], chosen: number % 2, propensity: 0.5, rewardMinor: number % 2 === 0 ? 100 + (number % 4) : 10,
  }));
}

describe('momentOf', () => {
  it('leaves out what no policy could have offered, and finds what was', () => {
    const considered = JSON.stringify([candidate('k-0', 9, 'budget-exhausted'), candidate('k-1', 5, 'lost-on-value'), candidate('k-2', 3), candidate('k-3', 0, 'value-not-positive')]);
    expect(momentOf({ clientId: 'c', arm: 'random', propensity: 0.3, rewardMinor: 7, considered })).toMatchObject({ chosen: 1, eligible: [{ campaignId: 'k-1' }, { campaignId: 'k-2' }, { campaignId: 'k-3' }] });
    expect(momentOf({ clientId: 'c', arm: 'random', propensity: 0.3, rewardMinor: 7, considered: '[]' })).toBeUndefined();
  });
});

describe('judgePolicy', () => {
  it('finds the logging policy worth what it earned', () => {
    expect(judgePolicy(moments(400), randomPolicy)).toMatchObject({ offeredShare: 1, ips: { value: expect.closeTo(55.5, 6) }, snips: { value: expect.closeTo(55.5, 6) } });
  });

  it('finds a policy worth what its own choices earned', () => {
    const { ips, snips, dr } = judgePolicy(moments(400), alwaysModel)!;
    for (const { value } of [ips, snips, dr]) expect(value).toBeCloseTo(101, 6);
    expect(judgePolicy(moments(400), constantCampaign('k-2'))?.snips.value).toBeCloseTo(10, 6);
  });

  it('counts no offer as nothing earned', () => {
    const poor = moments(400).map((moment, number) => (number < 200 ? moment : { ...moment, eligible: [candidate('k-1', -5), candidate('k-2', -1)] }));
    const { offeredShare, snips } = judgePolicy(poor, alwaysModel)!;
    expect(offeredShare).toBe(0.5);
    expect(snips.value).toBeCloseTo(50.5, 6);
  });

  it('says nothing of a policy that asks what was not kept', () => {
    expect(judgePolicy(moments(400), rulesPolicy(() => 0))).toBeUndefined();
  });
});
