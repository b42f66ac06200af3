import type { Envelope } from '@sp/contracts';
import { goldenSamples, offersDoor } from '@sp/contracts';
import { anEvent, asEnvelope, mondayMs } from '@sp/contracts/testing';
import { freePort, startNats, startService, type NatsHandle, type ServiceHandle } from '@sp/testing';
import { connect, type NatsConnection } from 'nats';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventPublisher } from './event-publisher';
import { followOffers, type FollowedOffer } from './follow-offers';

// Real: nats-server and the built ingest, which is killed in the middle. Left out: the stages behind it; offers are put into their stream as the recommender does.
let folder: string;
let nats: NatsHandle;
let ingest: ServiceHandle;
let connection: NatsConnection;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sp-client-'));
  nats = await startNats({ folder: join(folder, 'nats'), sync: 'default', onDeath: () => undefined });
  const env = { NATS_URL: nats.url, CLICKHOUSE_URL: `http://127.0.0.1:${await freePort()}`, DATA_FOLDER: join(folder, 'ingest'), CLOCK: 'events', PARTITIONS: '2', MAXIMUM_LAG_SECONDS: '100000', LOG_LEVEL: 'silent' };
  ingest = await startService('ingest', { env, onDeath: () => undefined });
  connection = await connect({ servers: nats.url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
});

afterAll(async () => {
  await connection?.close();
  await ingest?.stop(15_000);
  await nats?.stop(15_000);
  await rm(folder, { recursive: true, force: true });
});

const event = (id: string, index: number): Envelope => asEnvelope(anEvent('client.acted', { id, subject: `c-${index % 50}`, timeMs: mondayMs + index })) as Envelope;

describe('a publisher at the real door', () => {
  it('hears what became of each event', async () => {
    const publisher = new EventPublisher({ url: ingest.url });
    const good = event('first', 0);
    const verdicts = await Promise.all([good, { ...event('wrong', 1), data: {} }, good].map((one) => publisher.publish(one)));
    expect(verdicts).toMatchObject([{ status: 'accepted' }, { status: 'rejected', reason: 'invalid-data', field: 'data.action' }, { status: 'duplicate' }]);
    await publisher.close();
  });

  it('brings every event into the line once, though the door is killed while it publishes', { timeout: 120_000 }, async () => {
    const events = Array.from({ length: 6_000 }, (_, index) => event(`k-${index}`, index));
    const resends: string[] = [];
    const publisher = new EventPublisher({ url: ingest.url, maximumBatchEvents: 100, maximumQueueEvents: 300, onResend: ({ reason }) => resends.push(reason) });
    const verdicts = new Map<string, string>();
    for (const [index, one] of events.entries()) {
      const { verdict } = await publisher.enqueue(one);
      void verdict.then(({ id, status }) => verdicts.set(id, status));
      if (index === 2_000) process.kill(ingest.pid, 'SIGKILL');
    }
    await publisher.close();
    expect(resends.length).toBeGreaterThan(0);
    expect(verdicts.size).toBe(events.length);
    expect(new Set(verdicts.values())).not.toContain('rejected');
    const again = new EventPublisher({ url: ingest.url, maximumBatchEvents: 1_000 });
    const known = await Promise.all(events.map((one) => again.publish(one)));
    expect(new Set(known.map(({ status }) => status))).toEqual(new Set(['duplicate']));
  });

  it('finds there what the contract’s pages say', async () => {
    expect(await (await fetch(`${ingest.url}/openapi.json`)).json()).toMatchObject({ openapi: '3.1.0', paths: { '/v1/events': { post: { operationId: 'publishEvents' } } } });
    const page = await fetch(`${ingest.url}/docs`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('transaction.authorised');
  });
});

async function issue(number: number, partition = number % 2): Promise<void> {
  const sample = goldenSamples['offer.issued'];
  await connection.jetstream().publish(offersDoor.subject(partition), JSON.stringify({ ...sample, id: `o-${number}`, data: { ...sample.data, offerId: `o-${number}` } }));
}

/** Reads until it has so many, then ends as a follower does whose process stops. */
async function take(count: number, options: { after?: number; signal?: AbortSignal; onUnreadable?: (text: string) => void } = {}): Promise<FollowedOffer[]> {
  const found: FollowedOffer[] = [];
  const signal = AbortSignal.any([AbortSignal.timeout(45_000), ...(options.signal ? [options.signal] : [])]);
  for await (const offer of followOffers({ nats: nats.url, ...options, signal })) {
    found.push(offer);
    if (found.length === count) break;
  }
  return found;
}

const names = (offers: readonly FollowedOffer[]): string[] => offers.map(({ offer }) => offer.offerId);

describe('a follower of offers', () => {
  it('reads all partitions in their order, and goes on where he stopped', async () => {
    for (const number of [1, 2, 3, 4]) await issue(number);
    const first = await take(2);
    expect(names(first)).toEqual(['o-1', 'o-2']);
    expect(names(await take(2, { after: first.at(-1)!.position }))).toEqual(['o-3', 'o-4']);
    expect(names(await take(4))).toEqual(['o-1', 'o-2', 'o-3', 'o-4']);
  });

  it('passes over what is no offer, and says so', async () => {
    const [last] = (await take(4)).slice(-1);
    await connection.jetstream().publish(offersDoor.subject(0), 'nonsense');
    await issue(5);
    const unreadable: string[] = [];
    expect(await take(1, { after: last!.position, onUnreadable: (text) => unreadable.push(text) })).toMatchObject([{ offer: { offerId: 'o-5' }, missed: 0 }]);
    expect(unreadable).toEqual(['nonsense']);
  });

  it('gets what is issued while he follows, over a kill of the server too', { timeout: 120_000 }, async () => {
    const after = (await take(5)).at(-1)!.position;
    const following = take(3, { after });
    await issue(6);
    await new Promise((resume) => setTimeout(resume, 300));
    process.kill(nats.pid, 'SIGKILL');
    await issueWhenBack(7);
    await issueWhenBack(8);
    expect(names(await following)).toEqual(['o-6', 'o-7', 'o-8']);
  });

  it('ends when he is told to', async () => {
    const ending = new AbortController();
    const following = take(100, { after: 1_000_000, signal: ending.signal });
    setTimeout(() => ending.abort(), 300);
    expect((await following).length).toBeLessThan(100);
  });
});

async function issueWhenBack(number: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const done = await issue(number).then(() => true, () => false);
    if (done) return;
    await new Promise((resume) => setTimeout(resume, 200));
  }
  throw new Error('the server did not come back');
}
