import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Account } from './account';
import { accountText } from './account-text';
import { HttpDoor } from './http-door';
import { mappingFileSchema } from './mapping-file';
import { replay } from './replay';
import { tableMapping } from './table-mapping';
import { listeningDoor, type ListeningDoor, type Trouble } from './testing/listening-door';
import { sampleFolder } from './testing/sample-folder';

const payments = (): ReturnType<typeof tableMapping> =>
  tableMapping(
    mappingFileSchema.parse({
      name: 'small-bank',
      events: [
        {
          type: 'transaction.authorised', id: '{file}:{line}', subject: 'c-{client}', time: { column: 'at', format: 'iso' }, currency: 'EUR',
          data: { transactionId: { template: '{file}:{line}' }, kind: { constant: 'purchase' }, mcc: { column: 'mcc', as: 'integer' }, amountMinor: { column: 'amount', as: 'money' }, channel: { constant: 'offline' } },
        },
      ],
    }),
  );

const header = 'at,client,mcc,amount';
const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `${new Date(Date.UTC(2026, 0, 5) + index * 1000).toISOString()},${index % 7},5411,1.0${index % 10}`);

async function replayed(lines: readonly string[], trouble?: Trouble, patienceMs = 10_000): Promise<{ account: Account; door: ListeningDoor; again: () => Promise<Account> }> {
  const path = join(sampleFolder({ 'paid.csv': [header, ...lines, ''].join('\n') }), 'paid.csv');
  const door = await listeningDoor(trouble);
  const run = (): Promise<Account> => replay({ mapping: payments(), path, door: new HttpDoor(door.url, { patienceMs, answerTimeoutMs: 5000 }) });
  return { account: await run(), door, again: run };
}

describe('a replay through a real HTTP door', () => {
  it('accounts for every line and every event', async () => {
    const lines = ['2026-01-05T10:00:00Z,1,5411,3.4', '2026-01-05T10:00:01Z,1,5411,1e3', 'torn', '', '2026-01-05T09:00:00Z,2,5411,1.00', '2026-01-05T10:00:02Z,1,5411,-2.00', '2026-01-05T10:00:03Z,2,99999,1.00'];
    const { account } = await replayed(lines);
    expect(account.faults()).toEqual([]);
    expect(accountText(account)).toBe(
      [
        'lines       8 read = 3 in events + 3 rejected + header 1 + blank 1',
        '  rejected         1  amount: not a decimal amount (first: paid.csv:3)',
        '  rejected         1  wrong number of columns (first: paid.csv:4)',
        '  rejected         1  goes back in time (first: paid.csv:6)',
        'events      3 sent = 1 accepted + 0 duplicates + 2 rejected',
        '  rejected         1  invalid-data data.amountMinor (first: paid.csv:7)',
        '  rejected         1  invalid-data data.mcc (first: paid.csv:8)',
        '  transaction.authorised           3 from 3 lines',
        'event time  2026-01-05T10:00:00.000Z to 2026-01-05T10:00:03.000Z',
        'balance     every line and every event is accounted for',
        '',
      ].join('\n'),
    );
  });

  it('sends batches in order, one at a time, and a second replay gives duplicates only', async () => {
    const { account, door, again } = await replayed(many(1203));
    expect([door.requests, door.mostInFlight, door.accepted.length]).toEqual([3, 1, 1203]);
    expect(door.acceptedTimesMs).toEqual([...door.acceptedTimesMs].sort((one, other) => one - other));
    expect([...door.contentTypes]).toEqual(['application/cloudevents-batch+json']);
    expect(account.byVerdict.get('accepted')?.events).toBe(1203);
    expect((await again()).byVerdict.get('duplicate')?.events).toBe(1203);
  });

  it('waits when the door is busy, and loses nothing', async () => {
    const { account, door } = await replayed(many(600), (request) => (request < 3 ? 'busy' : undefined));
    expect(door.accepted).toHaveLength(600);
    expect([account.byVerdict.get('accepted')?.events, account.resentBatches]).toEqual([600, 2]);
  });

  it('sends the same ids again when the answer stays away, whether or not the batch was taken', async () => {
    const { account, door } = await replayed(many(900), (request) => (request === 1 ? 'cut-after' : request === 3 ? 'cut-before' : undefined));
    expect(new Set(door.accepted).size).toBe(900);
    expect(account.faults()).toEqual([]);
    expect([account.byVerdict.get('duplicate')?.events, account.byVerdict.get('accepted')?.events, account.resentBatches]).toEqual([500, 400, 2]);
  });

  it('halves a batch that is too large for the door', async () => {
    const { account, door } = await replayed(many(5), (request) => (request < 3 ? 'too-large' : undefined));
    expect([account.byVerdict.get('accepted')?.events, account.faults(), door.requests]).toEqual([5, [], 5]);
    expect(door.acceptedTimesMs).toEqual([...door.acceptedTimesMs].sort((one, other) => one - other));
  });

  it('gives up with a sentence when the door stays away, is none, or answers for other events', async () => {
    await expect(replayed(many(1), () => 'busy', 200)).rejects.toThrow(/is busy \(503\)/);
    await expect(replayed(many(1), () => 'gone')).rejects.toThrow(/answered 404: no such door/);
    await expect(replayed(many(2), () => 'short')).rejects.toThrow(/answered for 1 events, and not those 2 that were sent/);
  });
});

describe('the account', () => {
  it('says what does not add up', () => {
    const account = new Account();
    account.linesRead = 2;
    account.sent({ event: { type: 'client.located', id: '1', source: 's', subject: 'c', timeMs: 0, data: {} }, lines: 1 });
    expect(account.faults()).toEqual(['2 lines were read, but 1 are told of', '1 events were sent, but 0 answered']);
    expect(accountText(account)).toContain('NO BALANCE');
  });
});
