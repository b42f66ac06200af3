import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LineEventOf } from '@sp/contracts';
import { anEvent, mondayMs } from '@sp/contracts/testing';
import { dayMs } from '../time-units';
import { CampaignTable } from './campaign-table';

function published(campaignId: string, fromDay: number, toDay: number, merchantId = 'm-1'): LineEventOf<'campaign.published'> {
  const at = (day: number): string => new Date(mondayMs + day * dayMs).toISOString();
  return anEvent('campaign.published', { data: { campaignId, merchantId, startsAt: at(fromDay), endsAt: at(toDay) } });
}

function paused(campaignId: string, isPaused: boolean): LineEventOf<'campaign.paused'> {
  return { type: 'campaign.paused', id: 'p', source: 'smart-purchases', subject: campaignId, timeMs: mondayMs, data: { campaignId, paused: isPaused, by: 'operator' } };
}

function liveIds(table: CampaignTable, timeMs: number): string[] {
  return table.liveAt(timeMs).map(({ campaignId }) => campaignId);
}

describe('CampaignTable', () => {
  it('holds a campaign live from its start until just before its end', () => {
    const table = new CampaignTable();
    table.apply(published('k', 1, 2));
    expect([mondayMs + dayMs - 1, mondayMs + dayMs, mondayMs + 2 * dayMs - 1, mondayMs + 2 * dayMs].map((at) => table.liveAt(at).length)).toEqual([0, 1, 1, 0]);
  });

  it('takes a paused campaign out until it is resumed, even if it is published anew meanwhile', () => {
    const table = new CampaignTable();
    table.apply(published('k', 0, 9));
    table.apply(paused('k', true));
    expect(liveIds(table, mondayMs)).toEqual([]);
    table.apply(published('k', 0, 10));
    expect([liveIds(table, mondayMs), table.find('k')?.paused]).toEqual([[], true]);
    table.apply(paused('k', false));
    expect(liveIds(table, mondayMs)).toEqual(['k']);
  });

  it('lists a merchant’s own live campaigns', () => {
    const table = new CampaignTable();
    for (const event of [published('k-2', 0, 9, 'm-2'), published('k-1', 0, 9), published('k-3', 5, 9)]) table.apply(event);
    expect(table.liveForMerchant('m-1', mondayMs).map(({ campaignId }) => campaignId)).toEqual(['k-1']);
    expect(table.liveForMerchant('m-9', mondayMs)).toEqual([]);
    expect(table.all().map(({ campaignId }) => campaignId)).toEqual(['k-1', 'k-2', 'k-3']);
  });

  const aChange = fc.oneof(
    fc.record({ id: fc.integer({ min: 0, max: 4 }), from: fc.integer({ min: 0, max: 10 }), days: fc.integer({ min: 1, max: 5 }) }).map(({ id, from, days }) => published(`k-${id}`, from, from + days)),
    fc.record({ id: fc.integer({ min: 0, max: 4 }), isPaused: fc.boolean() }).map(({ id, isPaused }) => paused(`k-${id}`, isPaused)),
  );

  it('is unchanged by applying all that it was built from once more', () => {
    fc.assert(
      fc.property(fc.array(aChange, { maxLength: 20 }), (changes) => {
        const [once, twice] = [new CampaignTable(), new CampaignTable()];
        for (const change of changes) once.apply(change);
        for (const change of [...changes, ...changes]) twice.apply(change);
        expect(twice.all()).toEqual(once.all());
      }),
    );
  });

  it('answers for every moment as if asked for the first time', () => {
    fc.assert(
      fc.property(fc.array(aChange, { maxLength: 20 }), fc.array(fc.integer({ min: -1, max: 40 }), { maxLength: 20 }), (changes, halfDays) => {
        const table = new CampaignTable();
        for (const change of changes) table.apply(change);
        for (const half of halfDays) {
          const timeMs = mondayMs + (half * dayMs) / 2;
          const expected = table.all().filter(({ paused: isPaused, startsAtMs, endsAtMs }) => !isPaused && startsAtMs <= timeMs && timeMs < endsAtMs);
          expect(table.liveAt(timeMs)).toEqual(expected);
        }
      }),
    );
  });
});
