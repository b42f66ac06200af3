import { stageLog } from '@sp/contracts';
import { ensureStreams, NatsInputLog } from '@sp/nats';
import { builtFile, freePort, repositoryFolder, serviceNodeOptions, startProcess } from '@sp/testing';
import type { NatsConnection } from 'nats';
import { join } from 'node:path';
import type { Passed } from './bare-hop';
import { fillLog, removeLog, type FilledLog } from './bench-log';
import { referenceEvents } from './event-mix';
import { CpuAccount, ownCpuMicros } from './cpu-account';
import { passHop, type HopBench } from './hop-paths';
import { sumOf } from './process-cpu';
import { profileOptions, sharesOfFolder } from './profile';
import { rowOf, type Findings, type Round } from './result';

const frameEvents = 64;
const frames = 2_400;
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
  const cpu = new CpuAccount();
  for (let round = 0; round < rounds; round++) {
    const raw = await cpu.add('raw', ownCpuMicros, () => passHop(bench.connection, input));
    const ours = await runThrough(bench, input, `round-${round}`, [], cpu);
    taken.push({ raw: raw.events / raw.seconds, ours: ours.events / ours.seconds });
  }
  const profiles = join(bench.folder, 'profiles');
  await runThrough(bench, input, 'profiled', profileOptions(profiles));
  const setting = `${frameEvents} a frame, sync ${bench.sync}`;
  return {
    rows: [rowOf({ path: 'feature store', setting, unit: 'events/s', aim: { atLeast: 0.4 }, note: cpu.note() }, taken)],
    shares: [{ of: `feature store, ${setting}`, shares: await sharesOfFolder(profiles) }],
  };
}

async function runThrough({ connection, folder }: HopBench, input: FilledLog, name: string, nodeOptions: readonly string[] = [], cpu = new CpuAccount()): Promise<Passed> {
  const output = stageLog('feature-store', 0);
  await removeLog(connection, output);
  await ensureStreams(connection, 1);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const service = await startProcess({
    name: 'feature-store', command: process.execPath, args: [...serviceNodeOptions, ...nodeOptions, builtFile('apps/feature-store.js')], cwd: repositoryFolder(), readyUrl: `${url}/health/ready`,
    env: { PORT: String(port), NATS_URL: `nats://${connection.getServer()}`, CLICKHOUSE_URL: 'http://127.0.0.1:9', DATA_FOLDER: join(folder, name), PARTITIONS: '1', LOG_LEVEL: 'fatal' },
  });
  try {
    return await watch(connection, output.stream, input, cpu, () => cpuMicrosAt(url));
  } finally {
    await service.stop();
  }
}

/** By the arrival of its frames in its log. */
async function watch(connection: NatsConnection, stream: string, input: FilledLog, cpu: CpuAccount, readMicros: () => Promise<number>): Promise<Passed> {
  const warmFrames = Math.floor(input.frames / 3);
  const reading = new AbortController();
  let startedAtMs = 0;
  let reached = 0;
  let before: Promise<number> | undefined;
  for await (const { sequence } of new NatsInputLog(connection, stream).read(1, reading.signal)) {
    if (sequence === warmFrames) {
      startedAtMs = performance.now();
      before = readMicros();
    }
    reached = sequence;
    if (sequence === input.frames || (before && performance.now() - startedAtMs > longestMs)) break;
  }
  const seconds = (performance.now() - startedAtMs) / 1_000;
  const after = await readMicros();
  reading.abort();
  const events = (reached - warmFrames) * frameEvents;
  if (before) cpu.record('ours', after - (await before), events);
  return { events, seconds };
}

async function cpuMicrosAt(url: string): Promise<number> {
  return 1e6 * sumOf(await (await fetch(`${url}/metrics`)).text(), 'process_cpu_seconds_total');
}
