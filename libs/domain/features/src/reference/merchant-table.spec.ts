import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anEvent } from '@sp/contracts/testing';
import { MerchantTable } from './merchant-table';

const alexanderplatz = { lat: 52.5219, lon: 13.4132 };

function registered(merchantId: string, location: { lat: number; lon: number } | undefined, name = 'shop'): Parameters<MerchantTable['apply']>[0] {
  return anEvent('merchant.registered', { data: { merchantId, name, location } });
}

describe('MerchantTable', () => {
  it('finds the merchants within the radius, nearest first', () => {
    const table = new MerchantTable();
    table.apply(registered('far', { lat: 52.6, lon: 13.4132 }));
    table.apply(registered('near', { lat: 52.5229, lon: 13.4132 }));
    table.apply(registered('nearest', { lat: 52.522, lon: 13.4132 }));
    table.apply(registered('nowhere', undefined));
    expect(table.nearby(alexanderplatz, 300, 10).map(({ merchantId }) => merchantId)).toEqual(['nearest', 'near']);
    expect(table.nearby(alexanderplatz, 300, 1).map(({ merchantId }) => merchantId)).toEqual(['nearest']);
    expect(table.nearby(alexanderplatz, 300, 1, ({ merchantId }) => merchantId !== 'nearest').map(({ merchantId }) => merchantId)).toEqual(['near']);
  });

  it('knows a merchant’s new place and name after he is registered again', () => {
    const table = new MerchantTable();
    table.apply(registered('m', alexanderplatz));
    expect(table.nearby(alexanderplatz, 100, 1)).toHaveLength(1);
    table.apply(registered('m', { lat: 48.1, lon: 11.6 }, 'moved'));
    expect(table.nearby(alexanderplatz, 100, 1)).toEqual([]);
    expect(table.find('m')?.name).toBe('moved');
  });

  it('is empty to begin with', () => {
    expect(new MerchantTable().nearby(alexanderplatz, 1e6, 10)).toEqual([]);
    expect(new MerchantTable().find('m')).toBeUndefined();
  });

  it('answers alike in whatever order different merchants came, and however often', () => {
    const anId = fc.integer({ min: 0, max: 30 });
    fc.assert(
      fc.property(fc.uniqueArray(anId, { maxLength: 30 }), fc.array(anId, { maxLength: 10 }), (ids, again) => {
        const events = ids.map((id) => registered(`m-${id}`, { lat: 52.5 + (id % 7) / 1000, lon: 13.4 }));
        const [once, reversed] = [new MerchantTable(), new MerchantTable()];
        for (const event of events) once.apply(event);
        for (const event of [...events].reverse()) reversed.apply(event);
        for (const at of again) if (events[at]) reversed.apply(events[at]);
        expect(reversed.nearby({ lat: 52.5, lon: 13.4 }, 400, 5)).toEqual(once.nearby({ lat: 52.5, lon: 13.4 }, 400, 5));
      }),
    );
  });
});
