import { stageLog } from '@sp/contracts';
import { startNats, type NatsHandle } from '@sp/testing';
import { DiscardPolicy, RetentionPolicy, type NatsConnection } from 'nats';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectNats } from './connect-nats';
import { ensureStreams } from './streams';

// Real: nats-server.
let server: NatsHandle;
let connection: NatsConnection;

beforeAll(async () => {
  server = await startNats({ folder: mkdtempSync(join(tmpdir(), 'sp-streams-')), sync: 'default' });
  connection = await connectNats(server.url, 'test');
});

afterAll(async () => {
  await connection?.close();
  await server?.stop();
});

it('makes what is missing, leaves an operator his limits, and refuses by name a stream that would lose events', async () => {
  const { stream, subject } = stageLog('scorer', 0);
  const manager = await connection.jetstreamManager();
  await ensureStreams(connection, 1);
  await manager.streams.update(stream, { max_bytes: 5_000_000 });
  await ensureStreams(connection, 1);
  expect((await manager.streams.info(stream)).config.max_bytes).toBe(5_000_000);

  await manager.streams.delete(stream);
  await manager.streams.add({ name: stream, subjects: [subject], discard: DiscardPolicy.Old, retention: RetentionPolicy.Limits });
  await expect(ensureStreams(connection, 1)).rejects.toThrow(/SCORER_0 cannot be used: discard is "old"/);
});
