/** Real: nats-server, the stream OFFERS, its kill and restart. Faked: the line that fills the stream. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { offersDoor } from '@sp/contracts';
import { startNats, type NatsHandle } from '@sp/testing';
import { connect, StorageType, type NatsConnection } from 'nats';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OffersReader } from './offers-reader';
import type { ReceivedOffer } from './world/received-offer';

let folder: string;
let nats: NatsHandle;
let bank: NatsConnection;
let stop: AbortController;
let readers: OffersReader[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bank-offers-'));
  nats = await startNats({ folder, sync: 'default' });
  bank = await connect({ servers: nats.url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  stop = new AbortController();
  readers = [];
});

afterEach(async () => {
  stop.abort();
  for (const reader of readers) await reader.close();
  await bank.close();
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

async function createStream(): Promise<void> {
  await (await bank.jetstreamManager()).streams.add({ name: offersDoor.stream, subjects: [offersDoor.subjects], storage: StorageType.File });
}

function anOffer(offerId: string): Record<string, unknown> {
  const terms = { discountPercent: 10, validityDays: 7, minimumCheckMinor: 0 };
  const data = { offerId, decisionId: 'd-1', clientId: 'c00001', merchantId: 'm0001', campaignId: 'k0001r1', terms, currency: 'EUR', scenario: 'event', validUntil: '2026-01-12T00:00:00.000Z', arm: 'model' };
  return { specversion: '1.0', id: offerId, source: 'smart-purchases', type: 'offer.issued', subject: 'c00001', time: '2026-01-05T12:00:00.000Z', data };
}

async function publish(...offerIds: string[]): Promise<void> {
  for (const [place, offerId] of offerIds.entries()) await bank.jetstream().publish(offersDoor.subject(place % 4), JSON.stringify(anOffer(offerId)));
}

function openReader(startAfter = 0): OffersReader {
  const reader = new OffersReader({ natsUrl: nats.url, startAfter, signal: stop.signal });
  readers.push(reader);
  reader.start();
  return reader;
}

async function takeUntil(reader: OffersReader, count: number): Promise<ReceivedOffer[]> {
  const taken: ReceivedOffer[] = [];
  for (const until = Date.now() + 20_000; taken.length < count && Date.now() < until; await new Promise((next) => setTimeout(next, 20))) taken.push(...reader.take());
  return taken;
}

const ids = (offers: readonly ReceivedOffer[]): string[] => offers.map(({ offerId }) => offerId);

describe('the door for offers', () => {
  it('waits for a stream that the line makes later, and reads all partitions in one order', async () => {
    const reader = openReader();
    await new Promise((next) => setTimeout(next, 300));
    await createStream();
    await publish('o-1', 'o-2', 'o-3');
    const offers = await takeUntil(reader, 3);
    expect(ids(offers)).toEqual(['o-1', 'o-2', 'o-3']);
    expect(offers[0]).toMatchObject({ clientId: 'c00001', issuedMs: Date.UTC(2026, 0, 5, 12), arm: 'model' });
  });

  it('goes on behind the last offer that was taken, not behind the last that came', async () => {
    await createStream();
    await publish('o-1', 'o-2');
    const first = openReader();
    expect(ids(await takeUntil(first, 2))).toEqual(['o-1', 'o-2']);
    const { position } = first;
    await publish('o-3');
    await first.settle();
    expect(first.position).toBe(position);
    expect(ids(await takeUntil(openReader(position), 1))).toEqual(['o-3']);
  });

  it('has settled only when everything that the server holds has come', async () => {
    await createStream();
    const reader = openReader();
    await publish('o-first');
    await takeUntil(reader, 1);
    await publish(...Array.from({ length: 300 }, (_, place) => `o-${place}`));
    await reader.settle();
    expect(reader.take()).toHaveLength(300);
  });

  it('goes on after the server was killed, each offer once', async () => {
    await createStream();
    const reader = openReader();
    await publish('o-1');
    expect(ids(await takeUntil(reader, 1))).toEqual(['o-1']);
    await nats.kill();
    await nats.restart();
    await bank.close();
    bank = await connect({ servers: nats.url });
    await publish('o-2');
    expect(ids(await takeUntil(reader, 1))).toEqual(['o-2']);
  });

  it('reads a new, shorter stream from its start: the line was emptied', async () => {
    await createStream();
    await publish('o-1');
    expect(ids(await takeUntil(openReader(50), 1))).toEqual(['o-1']);
  });

  it('passes over what is no offer, and counts it', async () => {
    await createStream();
    await bank.jetstream().publish(offersDoor.subject(0), 'no JSON');
    await bank.jetstream().publish(offersDoor.subject(0), '{"type":"something.else"}');
    await publish('o-1');
    const reader = openReader();
    expect(ids(await takeUntil(reader, 1))).toEqual(['o-1']);
    expect(reader.unreadable).toBe(2);
  });
});
