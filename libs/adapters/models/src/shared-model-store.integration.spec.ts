import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats, type NatsHandle } from '@sp/testing';
import { connect, type NatsConnection } from 'nats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModelStore, UnknownModelError, type ModelStore } from './model-store';
import { openSharedModelStore } from './shared-model-store';
import { anUnsavedCard } from './testing/model-card';

// Real: nats-server with its object store, the files.
describe('models shared through the object store', () => {
  let folder: string;
  let server: NatsHandle;
  let connection: NatsConnection;
  const storeOf = (service: string): ModelStore => openSharedModelStore({ shipped: openModelStore(join(folder, 'shipped')), fetched: openModelStore(join(folder, service)), connection });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shared-models-'));
    server = await startNats({ folder: join(folder, 'nats'), sync: 'default' });
    connection = await connect({ servers: server.url });
  }, 60_000);
  afterAll(async () => {
    await connection?.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('without a training there are the shipped models alone, and no bucket is made', async () => {
    const shipped = openModelStore(join(folder, 'shipped'));
    const { version } = await shipped.save('redemption', Buffer.from('shipped'), anUnsavedCard());
    await shipped.setChampion('redemption', version);
    const store = storeOf('scorer');
    expect((await store.list('redemption')).map((card) => card.version)).toEqual([version]);
    expect(await store.champion('redemption')).toBe(version);
    await expect(store.load('redemption', '0123456789ab')).rejects.toThrow(UnknownModelError);
    expect(await (await connection.jetstreamManager()).streams.names().next()).toEqual([]);
  });

  it('what one service saves, another lists and loads, and keeps', async () => {
    const bytes = Buffer.from('trees'.repeat(50_000));
    const { version } = await storeOf('feedback-loop').save('redemption', bytes, anUnsavedCard({ trainedAt: '2026-02-01T00:00:00Z' }));
    const scorer = storeOf('scorer');
    expect((await scorer.list('redemption')).map((card) => card.version)).toContain(version);
    expect(await scorer.list('basket')).toEqual([]);
    const { bytes: loaded, card } = await scorer.load('redemption', version);
    expect(Buffer.from(loaded).equals(bytes)).toBe(true);
    expect(card).toEqual({ ...anUnsavedCard({ trainedAt: '2026-02-01T00:00:00Z' }), version });
    const seldom = openSharedModelStore({ shipped: openModelStore(join(folder, 'shipped')), connection });
    expect((await seldom.load('redemption', version)).card.version).toBe(version);
    expect((await openModelStore(join(folder, 'scorer')).load('redemption', version)).card.version).toBe(version);
  });
});
