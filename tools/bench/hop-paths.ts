import type { NatsConnection } from 'nats';
import { bareHop, type Passed } from './bare-hop';
import { CpuAccount, ownCpuMicros } from './cpu-account';
import { fillLog, makeLog, removeLog, type FilledLog } from './bench-log';
import type { Sync } from './bench-options';
import { emptyEngine } from './engine';
import { fillWithMessages, messageAnEvent } from './message-an-event';
import { profiled } from './profile';
import { rowOf, type Findings, type Round, type Row, type Shares } from './result';

export interface HopBench {
  readonly connection: NatsConnection;
  readonly folder: string;
  readonly sync: Sync;
}

/** Events in a frame, and how many frames take about a second. */
const frameSizes = [{ frameEvents: 1, frames: 2_000 }, { frameEvents: 16, frames: 2_000 }, { frameEvents: 64, frames: 1_500 }, { frameEvents: 256, frames: 500 }];
const roundsEach = 3;
const profiledSize = 64;
/** A busy machine gets shorter rounds, not more minutes. */
const longestMs = 1_500;
const usualEvents = 3_000;

/** The engine with an empty fold beside the bare hop, for each size of frame. */
export async function engineRows(bench: HopBench): Promise<Findings> {
  const rows: Row[] = [];
  const shares: Shares[] = [];
  await warmUp(bench);
  for (const { frameEvents, frames } of frameSizes) {
    const input = await fillLog(bench.connection, await makeLog(bench.connection, 'in'), frames, frameEvents);
    const cpu = new CpuAccount();
    const rounds: Round[] = [];
    for (let round = 0; round < roundsEach; round++) rounds.push(await engineRound(bench, input, cpu));
    const about = { path: 'engine, empty fold', setting: `${frameEvents} a frame, sync ${bench.sync}` };
    rows.push(rowOf({ ...about, unit: 'events/s', aim: { atLeast: 0.8 }, note: cpu.note() }, rounds));
    if (frameEvents === profiledSize) shares.push({ of: `${about.path}, ${about.setting}`, shares: await profiled(() => passEngine(bench, input)) });
    await removeLog(bench.connection, input);
  }
  return { rows, shares };
}

/** Nothing is compiled yet when a process begins. */
async function warmUp(bench: HopBench): Promise<void> {
  const input = await fillLog(bench.connection, await makeLog(bench.connection, 'warm'), 300, 64);
  await engineRound(bench, input);
  await removeLog(bench.connection, input);
}

async function engineRound(bench: HopBench, input: FilledLog, cpu = new CpuAccount()): Promise<Round> {
  const raw = await cpu.add('raw', ownCpuMicros, () => passHop(bench.connection, input));
  const ours = await cpu.add('ours', ownCpuMicros, () => passEngine(bench, input));
  return { raw: raw.events / raw.seconds, ours: ours.events / ours.seconds };
}

async function passEngine({ connection, folder }: HopBench, input: FilledLog): Promise<Passed> {
  const output = await makeLog(connection, 'engine');
  const passed = await emptyEngine(connection, input, output, folder, longestMs);
  await removeLog(connection, output);
  return passed;
}

export async function passHop(connection: NatsConnection, input: FilledLog): Promise<Passed> {
  const output = await makeLog(connection, 'hop');
  const passed = await bareHop(connection, input, output, longestMs);
  await removeLog(connection, output);
  return passed;
}

/** Events/s of the bare hop into a stream of its own. */
export async function hopOnce(connection: NatsConnection, input: FilledLog): Promise<number> {
  const { events, seconds } = await passHop(connection, input);
  return events / seconds;
}

/** What frames are for: the same work with a message an event. */
export async function usualRow({ connection, sync }: HopBench): Promise<Findings> {
  const framed = await fillLog(connection, await makeLog(connection, 'in'), 1_000, 64);
  const single = await makeLog(connection, 'single');
  await fillWithMessages(connection, single, usualEvents);
  const rounds: Round[] = [];
  for (let round = 0; round < 2; round++) {
    const raw = await hopOnce(connection, framed);
    const output = await makeLog(connection, 'usual');
    rounds.push({ raw, ours: await messageAnEvent(connection, single, output, usualEvents, longestMs) });
    await removeLog(connection, output);
  }
  await removeLog(connection, framed);
  await removeLog(connection, single);
  const row = rowOf({ path: 'usual way', setting: `a message an event, sync ${sync}`, unit: 'events/s', note: 'not ours: beside frames of 64' }, rounds);
  return { rows: [row], shares: [] };
}
