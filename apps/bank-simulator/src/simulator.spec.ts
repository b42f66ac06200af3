import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Envelope } from '@sp/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Simulator, type SimulatorOptions } from './simulator';
import { StateFolder } from './state-folder';
import { World } from './world/world';

// Real: the world, the loop, the state folder on disk. Faked: the doors.

const worldOptions = { seed: 5, clients: 60, merchants: 30, campaigns: 10, startMs: Date.UTC(2026, 0, 5), world: 'smooth', troubles: 'none' } as const;
const counts = { accepted: 0, duplicates: 0, rejected: 0, retries: 0 };
const noOffers = { position: 0, received: 0, take: () => [], settle: () => Promise.resolve() };
const noStep = { exists: false, caughtUp: () => Promise.resolve() };

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'bank-simulator-'))));
afterEach(() => rm(folder, { recursive: true }));

async function run(sent: Envelope[], over: Partial<SimulatorOptions> & { send?: (batch: readonly Envelope[]) => Promise<void> } = {}): Promise<string[]> {
  const lines: string[] = [];
  const state = new StateFolder(folder);
  const saved = await state.load();
  const world = saved ? World.restore(saved.world, worldOptions) : World.start(worldOptions);
  const send = over.send ?? ((batch: readonly Envelope[]) => Promise.resolve(void sent.push(...batch)));
  await new Simulator({
    world, events: { counts, send }, offers: noOffers, step: noStep, folder: state, unsent: saved?.unsent ?? [], batchSize: 50, hoursPerSecond: 0, days: 3, settleMs: 0,
    signal: new AbortController().signal, print: (line) => lines.push(line), ...over,
  }).run();
  return lines;
}

describe('the simulator', () => {
  it('sends three days in order in bounded batches, one line a day, and leaves a report', async () => {
    const sent: Envelope[] = [];
    const sizes: number[] = [];
    const lines = await run(sent, { send: (batch) => Promise.resolve(void (sizes.push(batch.length), sent.push(...batch))) });
    const world = World.start(worldOptions);
    expect(sent).toEqual(Array.from({ length: 72 }, () => world.advanceHour()).flat());
    expect(Math.max(...sizes)).toBe(50);
    expect(lines).toHaveLength(3);
    expect(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'))).toMatchObject({ simulatedDays: 3, shareOfWallet: { clients: world.people.length } });
  });

  it('stopped in the middle of an hour, it goes on with the next event: none is lost, none is sent twice', async () => {
    const whole: Envelope[] = [];
    const world = World.start(worldOptions);
    for (let hour = 0; hour < 72; hour++) whole.push(...world.advanceHour());
    const sent: Envelope[] = [];
    const stop = new AbortController();
    const send = async (batch: readonly Envelope[]): Promise<void> => {
      if (sent.length >= 400) stop.abort();
      stop.signal.throwIfAborted();
      sent.push(...batch);
    };
    await run(sent, { signal: stop.signal, send });
    expect(sent.length).toBeLessThan(whole.length);
    await run(sent);
    expect(sent).toEqual(whole);
  });

  it('at full speed asks after every hour whether the line has come as far, before it looks for offers', async () => {
    const seen: string[] = [];
    const step = { exists: true, caughtUp: (hour: number) => Promise.resolve(void seen.push(`step ${hour - worldOptions.startMs / 3_600_000}`)) };
    await run([], { days: 1, step, offers: { ...noOffers, settle: () => Promise.resolve(void seen.push('settled')) } });
    expect(seen).toEqual(Array.from({ length: 24 }, (_, hour) => [`step ${hour + 1}`, 'settled']).flat());
  });

  it('lets the bank’s operators put a constant in the model’s place for the planted time, and theirs back after it', async () => {
    const options = { ...worldOptions, clients: 10, troubles: 'all', constantModel: 'c0ffee' } as const;
    const chosen: (string | undefined)[] = [];
    const world = World.start(options);
    await run([], { world, days: 24, models: { choose: (version) => Promise.resolve(void chosen.push(version)) } });
    const planted = world.troubles.find(({ kind }) => kind === 'constant-model');
    const first = (planted!.startMs - options.startMs) / 3_600_000;
    expect(chosen.map((version, hour) => (version === undefined ? [] : [hour])).flat()).toEqual(Array.from({ length: 48 }, (_, hour) => first + hour));
    expect(new Set(chosen)).toEqual(new Set([undefined, 'c0ffee']));
  });
});
