import { connectClickHouse, eventCounts, readRows, type LinePlace, type SinkRow } from '@sp/clickhouse';
import { stageLog, type LineEvent } from '@sp/contracts';
import { anEvent } from '@sp/contracts/testing';
import { encodeFrame, FencedAppender } from '@sp/dataflow';
import { connectNats, ensureStreams, NatsOutputLog } from '@sp/nats';
import { startLine, type Line } from '@sp/testing';
import type { NatsConnection } from 'nats';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { row, SinkHost, stageSource } from './sink-host';

// Real: nats-server and the embedded ClickHouse, which is killed under the sink.
const frames = 120;
let line: Line;
let nats: NatsConnection;

beforeAll(async () => {
  line = await startLine({ folder: join(mkdtempSync(join(tmpdir(), 'sp-sink-')), 'data'), clock: 'events', sync: 'default', services: [], partitions: 1 });
  nats = await connectNats(line.urls.nats, 'test');
  await ensureStreams(nats, 1);
}, 60_000);

afterAll(async () => {
  await nats?.close();
  await line?.stop();
});

const rowsOf = (events: readonly LineEvent[], placeOf: (ordinal: number) => LinePlace): SinkRow<LinePlace>[] =>
  events.map((event, ordinal) => row(eventCounts, { ...placeOf(ordinal), minute: event.timeMs, type: event.type, count: 1 }));

const startSink = (): SinkHost<LineEvent> =>
  new SinkHost({ sink: 'test', source: stageSource('ingest'), connection: nats, partitions: 1, clickHouseUrl: line.urls.clickhouse, tables: [eventCounts], rowsOf, lingerMs: 30 });

it('stores every row once, in the table and in the view behind it, while ClickHouse and the sink itself come and go', { timeout: 90_000 }, async () => {
  const appender = new FencedAppender(new NatsOutputLog(nats, stageLog('ingest', 0)), { owner: 'test', pause: () => Promise.resolve() });
  await appender.open({ input: 0, output: 0 });
  let sink = startSink();
  for (let to = 1; to <= frames; to++) {
    const events = Array.from({ length: to % 7 }, () => anEvent('client.acted'));
    await appender.append([{ from: to, to, bytes: encodeFrame({ partition: 0, from: to, to, sequencedAtMs: 0, events }) }]);
    await new Promise((resume) => setTimeout(resume, 20));
    if (to === 40 || to === 70) await line.processes.get('clickhouse')!.kill().then(() => line.processes.get('clickhouse')!.restart());
    if (to === 55 || to === 90) {
      await sink.beforeApplicationShutdown();
      sink = startSink();
    }
  }
  const expected = Array.from({ length: frames }, (_, index) => (index + 1) % 7).reduce((sum, count) => sum + count, 0);
  const client = connectClickHouse(line.urls.clickhouse);
  const counted = async (): Promise<unknown> => (await readRows(client, 'SELECT (SELECT count() FROM event_counts) AS facts, (SELECT sum(count) FROM events_by_minute) AS viewed'))[0];
  await expect.poll(counted, { timeout: 30_000 }).toEqual({ facts: expected, viewed: expected });
  await new Promise((resume) => setTimeout(resume, 500));
  expect(await counted()).toEqual({ facts: expected, viewed: expected });
  await sink.beforeApplicationShutdown();
  await client.close();
});
