import { stageLog } from '@sp/contracts';
import { ensureStreams, NatsInputLog } from '@sp/nats';
import { builtFile, freePort, repositoryFolder, startProcess } from '@sp/testing';
import type { NatsConnection } from 'nats';
import { join } from 'node:path';
import { fillLog, removeLog, type FilledLog } from './bench-log';
import { referenceEvents } from './event-mix';
import { hopOnce, type HopBench } from './hop-paths';
import { profileOptions, sharesOfFolder } from './profile';
import { rowOf, type Findings, type Round } from './result';

const frameEvents = 64;
const frames = 1_200;
const rounds = 3;
const longestMs = 3_000;

/**
 * The built feature store as a process of its own, with its real flow, over a log that is there already; one partition, as the hop has.
 * ClickHouse is away, so its sink only waits. The first third of the frames warms it up and is not counted.
 */
export async function featureStorePath(bench: HopBench): Promise<Findings> {
  await ensureStreams(bench.connection, 1);
  const input = await fillLog(bench.connection, stageLog('ingest', 0), frames, frameEvents, referenceEvents());
  const taken: Round[] = [];
  for (let round = 0; round < rounds; round++) taken.push({ raw: await hopOnce(bench.connection, input), ours: await runThrough(bench, input, `round-${round}`) });
  const profiles = join(bench.folder, 'profiles');
  await runThrough(bench, input, 'profiled', profileOptions(profiles));
  const setting = `${frameEvents} a frame, sync ${bench.sync}`;
  return {
    rows: [rowOf({ path: 'feature store', setting, unit: 'events/s', aim: { atLeast: 0.4 } }, taken)],
    shares: [{ of: `feature store, ${setting}`, shares: await sharesOfFolder(profiles) }],
  };
}

async function runThrough({ connection, folder }: HopBench, input: FilledLog, name: string, nodeOptions: readonly string[] = []): Promise<number> {
  const output = stageLog('feature-store', 0);
  await removeLog(connection, output);
  await ensureStreams(connection, 1);
  const port = await freePort();
  const service = await startProcess({
    name: 'feature-store', command: process.execPath, args: [...nodeOptions, builtFile('apps/feature-store.js')], cwd: repositoryFolder(), readyUrl: `http://127.0.0.1:${port}/health/ready`,
    env: { PORT: String(port), NATS_URL: `nats://${connection.getServer()}`, CLICKHOUSE_URL: 'http://127.0.0.1:9', DATA_FOLDER: join(folder, name), PARTITIONS: '1', LOG_LEVEL: 'fatal' },
  });
  try {
    return await watch(connection, output.stream, input);
  } finally {
    await service.stop();
  }
}

/** Events/s by the arrival of its frames in its log. */
async function watch(connection: NatsConnection, stream: string, input: FilledLog): Promise<number> {
  const warmFrames = Math.floor(input.frames / 3);
  const reading = new AbortController();
  let startedAtMs = 0;
  let reached = 0;
  for await (const { sequence } of new NatsInputLog(connection, stream).read(1, reading.signal)) {
    if (sequence === warmFrames) startedAtMs = performance.now();
    reached = sequence;
    if (sequence === input.frames || (startedAtMs > 0 && performance.now() - startedAtMs > longestMs)) break;
  }
  reading.abort();
  return ((reached - warmFrames) * frameEvents * 1_000) / (performance.now() - startedAtMs);
}
