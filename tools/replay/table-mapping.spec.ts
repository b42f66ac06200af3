import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mappingFileSchema, readMappingFile } from './mapping-file';
import { tableMapping } from './table-mapping';
import { producedBy } from './testing/produced-by';
import { sampleFolder } from './testing/sample-folder';

/** The examples of the documentation are run here, so that they stay true. */
const documentation = readFileSync(join(import.meta.dirname, '../../docs/replay.md'), 'utf8');
const fenced = (language: string): string => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(documentation)?.[1] ?? '';

async function documented(): ReturnType<typeof producedBy> {
  const folder = sampleFolder({ 'cards.csv': fenced('csv'), 'mapping.json': fenced('json') });
  return producedBy(tableMapping(readMappingFile(join(folder, 'mapping.json'))), join(folder, 'cards.csv'));
}

const oneRule = (over: object, file: object = {}): ReturnType<typeof tableMapping> =>
  tableMapping(mappingFileSchema.parse({ name: 'm', events: [{ type: 'client.acted', id: '{line}', subject: '{who}', time: { column: 'at', format: 'iso' }, data: { action: { column: 'what' } }, ...over }], ...file }));

const made = async (mapping: ReturnType<typeof tableMapping>, ...lines: string[]): ReturnType<typeof producedBy> => producedBy(mapping, join(sampleFolder({ 't.csv': ['at,who,what', ...lines, ''].join('\n') }), 't.csv'));

describe("the documentation's mapping", () => {
  it('makes events that the contracts accept, and registers each client once', async () => {
    const { events, contractFaults, linesRead, linesTold } = await documented();
    expect(contractFaults).toEqual([]);
    expect(linesTold).toBe(linesRead);
    expect(events.map(({ type, subject }) => `${type} ${subject}`)).toEqual(['merchant.registered m-77', 'campaign.published k-77', 'client.registered c-1', 'transaction.authorised c-1', 'client.registered c-2', 'transaction.authorised c-2', 'transaction.reversed c-1']);
  });

  it('has exact money, a lookup, inner objects and times of its zone', async () => {
    const { events } = await documented();
    expect(events.find(({ type }) => type === 'client.registered')?.data).toMatchObject({ consents: { offers: true, geo: false }, home: { lat: 52.5, lon: 13.4 } });
    expect(events.find(({ id }) => id === 'pay-9001')).toMatchObject({ timeMs: Date.UTC(2026, 0, 5, 9, 15), data: { amountMinor: 340, currency: 'EUR', channel: 'offline', merchantId: 'm-77' } });
    expect(events.at(-1)?.data).toEqual({ transactionId: '9001', amountMinor: 340 });
  });

  it('rejects the bad line by its number', async () => {
    expect((await documented()).rejects).toEqual([{ kind: 'rejected', reason: 'amount: not a decimal amount', lines: 1, origin: { file: 'cards.csv', line: 4 } }]);
  });
});

describe('a mapping file', () => {
  it('rejects a row that no event type is for, and one that lacks its id or subject', async () => {
    const mapping = oneRule({ when: { column: 'what', not: ['noise'] } });
    const { rejects } = await made(mapping, '2026-01-05,a,noise', '2026-01-05,,search', '2026-01-05,a,search');
    expect(rejects.map(({ reason }) => reason)).toEqual(['no event type is for this row', 'who is empty']);
  });

  it('rejects what goes back in time, or sorts it where the mapping says so', async () => {
    const rows = ['2026-01-06,a,x', '2026-01-05,a,y', '2026-01-07,a,z'];
    expect((await made(oneRule({}), ...rows)).rejects.map(({ reason }) => reason)).toEqual(['goes back in time']);
    const { events, rejects } = await made(oneRule({}, { sort: true }), ...rows);
    expect([events.map(({ data }) => data['action']), rejects]).toEqual([['y', 'x', 'z'], []]);
  });

  it('does not take a client for seen whose row was rejected', async () => {
    const mapping = tableMapping(
      mappingFileSchema.parse({
        name: 'm',
        events: ['client.consent.changed', 'client.acted'].map((type, index) => ({ type, id: `${index}-{line}`, subject: '{who}', time: { column: 'at', format: 'iso' }, ...(index === 0 && { oncePer: '{who}' }), data: index === 0 ? {} : { action: { column: 'what' } } })),
      }),
    );
    const { events } = await made(mapping, '2026-01-05,a,', '2026-01-05,a,x', '2026-01-05,a,y');
    expect(events.map(({ id }) => id)).toEqual(['0-3', '1-3', '1-4']);
  });

  it('says where it is wrong', () => {
    const wrong = mappingFileSchema.safeParse({ name: 'm', events: [{ type: 'transaction.paid', id: 'x', subject: 'y', time: { column: 'at', format: 'iso' }, data: {} }] });
    expect(wrong.error?.issues[0]?.path).toEqual(['events', 0, 'type']);
    expect(() => readMappingFile('/nowhere/mapping.json')).toThrow(/cannot be read/);
  });

  it.each([
    [{ as: 'integer' }, '12', 12], [{ as: 'integer' }, '1.5', undefined], [{ as: 'number' }, '1.5', 1.5], [{ as: 'number' }, 'NaN', undefined], [{ as: 'boolean' }, 'true', true],
    [{ as: 'boolean', true: ['Y'], false: ['N'] }, 'N', false], [{ as: 'boolean' }, 'maybe', undefined], [{ as: 'money', absolute: true }, '-3.4', 340], [{ as: 'money', decimals: 0 }, '3.4', undefined],
    [{ lookup: { a: 1 } }, 'a', 1], [{ lookup: { a: 1 } }, 'toString', undefined], [{ lookup: { a: 1 }, otherwise: 2 }, 'b', 2], [{ as: 'time' }, '2026-01-05', '2026-01-05T00:00:00.000Z'],
  ])('converts by %j the cell %j to %j', async (field, cell, value) => {
    const { events, rejects } = await made(oneRule({ data: { action: { column: 'what', ...field } } }), `2026-01-05,a,${cell}`);
    expect(events[0]?.data['action']).toBe(value);
    expect(rejects).toHaveLength(value === undefined ? 1 : 0);
  });
});
