import { anEvent, asEnvelope, mondayMs } from '@sp/contracts/testing';
import { connectNats } from '@sp/nats';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOwnIngest, type OwnIngest } from './testing/own-ingest';

// Real: nats-server and the built ingest, in processes of their own. There is no later stage and no ClickHouse.
const dayMs = 86_400_000;
let ingest: OwnIngest;

interface Answer {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly message?: string;
  readonly items: readonly { id: string; status: string; reason?: string; field?: string }[];
}

async function post(body: string | Buffer, headers: Readonly<Record<string, string>> = {}, url = ingest.url): Promise<{ status: number; body: Answer }> {
  const response = await fetch(`${url}/v1/events`, { method: 'POST', headers: { 'content-type': 'application/cloudevents-batch+json', ...headers }, body: typeof body === 'string' ? body : new Uint8Array(body) });
  return { status: response.status, body: (await response.json()) as Answer };
}

const acted = (id: string, over: { readonly timeMs?: number; readonly action?: string } = {}): Record<string, unknown> =>
  asEnvelope(anEvent('client.acted', { id, subject: `c-${id}`, timeMs: over.timeMs ?? mondayMs, data: { action: over.action ?? 'search' } }));
const many = (name: string, count: number): Record<string, unknown>[] => Array.from({ length: count }, (_, index) => acted(`${name}-${index}`));
const gzip = { 'content-encoding': 'gzip' };
const ndjson = { 'content-type': 'application/x-ndjson' };

beforeAll(async () => {
  ingest = await startOwnIngest();
}, 60_000);

afterAll(async () => {
  await ingest?.close();
}, 60_000);

describe('a body', () => {
  it('of 10,000 events is taken as an array, and known when it comes again as packed lines', async () => {
    const events = many('large', 10_000);
    const first = await post(JSON.stringify(events));
    expect([first.status, first.body.accepted, first.body.items.length]).toEqual([202, 10_000, 10_000]);
    const again = await post(gzipSync(events.map((event) => JSON.stringify(event)).join('\n')), { ...gzip, ...ndjson });
    expect([again.status, again.body.duplicates]).toEqual([207, 10_000]);
    expect(again.body.items.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
  }, 60_000);

  it('of more than 10,000 events, or of too many bytes packed or unpacked, is refused by 413, and the sender hears it', async () => {
    expect((await post(JSON.stringify(many('over', 10_001)))).status).toBe(413);
    expect((await post(`[${' '.repeat(9_000_000)}]`)).status).toBe(413);
    const bomb = await post(gzipSync(Buffer.alloc(50_000_000, '\n')), { ...gzip, ...ndjson });
    expect([bomb.status, bomb.body.message]).toEqual([413, expect.stringContaining('unpacked')]);
  }, 60_000);

  it('that is not what it says is refused as a whole', async () => {
    expect((await post('[{"id":', {})).status).toBe(400);
    expect((await post('[]')).body.message).toBe('no event in the body');
    const notPacked = await post('[{}]', gzip);
    expect([notPacked.status, notPacked.body.message]).toEqual([400, expect.stringContaining('not gzip')]);
    const cut = await post(gzipSync(JSON.stringify(many('cut', 3))).subarray(0, 60), gzip);
    expect(cut.status).toBe(400);
    expect((await post('[{}]', { 'content-encoding': 'br' })).status).toBe(415);
  });

  it('that breaks off late has a verdict for each event before, and one that says where it broke', async () => {
    const events = many('broken', 2_000);
    const { status, body } = await post(`${JSON.stringify(events).slice(0, -1)},{"id":`);
    expect(status).toBe(207);
    expect(body.accepted).toBeGreaterThan(1_000);
    expect(body.items.at(-1)).toMatchObject({ status: 'rejected', reason: 'malformed-envelope', field: expect.stringMatching(/^item \d+ and all after it$/) });
    const again = await post(JSON.stringify(events));
    expect([again.body.accepted + body.accepted, again.body.duplicates]).toEqual([2_000, body.accepted]);
  });

  it('of lines loses none of them by a broken one', async () => {
    const [first, second] = many('lines', 2).map((event) => JSON.stringify(event));
    const { body } = await post(`${first}\n{"broken\n${second}\n`, ndjson);
    expect(body.items.map(({ status, field }) => [status, field])).toEqual([['accepted', undefined], ['rejected', 'line 2'], ['accepted', undefined]]);
  });
});

describe('an identity', () => {
  const statuses = async (events: readonly unknown[], url?: string): Promise<string[]> => (await post(JSON.stringify(events), {}, url)).body.items.map(({ status, reason }) => reason ?? status);

  it('is known for seven days of event time, by HTTP and by NATS, through a kill and in another instance; other content is a conflict', async () => {
    const early = [acted('once', { timeMs: mondayMs })];
    expect(await statuses(early)).toEqual(['accepted']);
    expect(await statuses([acted('late', { timeMs: mondayMs + 6.9 * dayMs })])).toEqual(['accepted']);
    await ingest.service.kill();
    await ingest.service.restart();
    expect(await statuses([...early, acted('once', { timeMs: mondayMs, action: 'app-opened' })])).toEqual(['duplicate', 'conflict']);

    const connection = await connectNats(ingest.natsUrl, 'bank');
    await connection.jetstream().publish('bank.events', JSON.stringify([acted('by-nats')]));
    await connection.close();
    const known = async (): Promise<string> => (await statuses([acted('by-nats')]))[0]!;
    await expect.poll(known, { timeout: 10_000 }).toBe('duplicate');

    const exited = ingest.service.exited;
    const other = await ingest.start('another-instance');
    expect(await statuses([...early, acted('once', { timeMs: mondayMs, action: 'app-opened' }), acted('new-one')], other.url)).toEqual(['duplicate', 'conflict', 'accepted']);
    // The one that was there before has lost its place in the logs and must not answer as if it had it.
    await post(JSON.stringify([acted('to-the-old'), acted('to-the-old-2'), acted('to-the-old-3')])).catch(() => undefined);
    expect((await exited).code).toBe(70);
  }, 60_000);
});
