import { stageLog } from '@sp/contracts';
import { startNats, type NatsHandle } from '@sp/testing';
import { DiscardPolicy, RetentionPolicy, type NatsConnection } from 'nats';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectNats } from './connect-nats';
import { BeyondLogEndError, NatsInputLog } from './nats-input-log';
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

it('refuses a line of another number of partitions, and a stream that cannot be made, by name', async () => {
  const other = await startNats({ folder: mkdtempSync(join(tmpdir(), 'sp-streams-')), sync: 'default' });
  const line = await connectNats(other.url, 'test');
  try {
    const manager = await line.jetstreamManager();
    await manager.streams.add({ name: 'SOMEBODY', subjects: [stageLog('scorer', 1).subject] });
    await expect(ensureStreams(line, 2)).rejects.toThrow(/SCORER_1 is missing and cannot be made: .*overlap/);
    await manager.streams.delete('SOMEBODY');
    await ensureStreams(line, 2);
    await expect(ensureStreams(line, 1)).rejects.toThrow(/has the stream INGEST_1, so it has more partitions than the 1/);
    await expect(ensureStreams(line, 3)).rejects.toThrow(/no stream INGEST_2, so it has fewer partitions than the 3/);
  } finally {
    await line.close();
    await other.stop();
  }
});

it('names a position beyond the log’s end, whether nothing has come since or something has', async () => {
  const { stream, subject } = stageLog('recommender', 0);
  await connection.jetstream().publish(subject, 'one');
  const log = new NatsInputLog(connection, stream);
  const reading = async (from: number): Promise<void> => {
    for await (const message of log.read(from, new AbortController().signal)) if (message.sequence >= 1) return;
  };
  await expect(reading(7)).rejects.toThrow(BeyondLogEndError);
  await expect(reading(7)).rejects.toThrow(/before message 7, and the log ends at 1/);
  await expect(reading(1)).resolves.toBeUndefined();
});

it('ends a reading whose end comes while it is still being opened', async () => {
  const { stream, subject } = stageLog('feedback-loop', 0);
  await connection.jetstream().publish(subject, 'one');
  for (let delayMs = 0; delayMs < 6; delayMs++) {
    const ending = new AbortController();
    const reading = new NatsInputLog(connection, stream).read(2, ending.signal)[Symbol.asyncIterator]().next();
    await new Promise((resume) => setTimeout(resume, delayMs));
    ending.abort();
    expect(await reading).toMatchObject({ done: true });
  }
});
