import type { LineEvent, MergedTableName, StageName } from '@sp/contracts';
import type { Flow } from '../flow';
import { decodeFrame } from '../frame';
import { drawFaults, faultKinds, type FaultKind, type PlannedFault } from './fault-plan';
import { applyFault } from './faults';
import { judge } from './judge';
import { Random } from './random';
import { Violation } from './violation';
import { World, type TracedFault } from './world';

export type SimulatedFlow = { readonly [S in StageName]: Flow<S> }[StageName];

export interface Scenario {
  /** Each reads the log of the one before; the first one reads what the sequencer wrote. */
  readonly flows: readonly SimulatedFlow[];
  /** What is sent to the sequencer, in this order, drawn from the schedule's seed. */
  readonly events: (random: Random) => readonly LineEvent[];
  /** Shared facts, copied into the log with their marks. */
  readonly facts?: (random: Random) => readonly LineEvent[];
  /** The table that is merged from what all flows gather. */
  readonly merged?: MergedTableName;
  /** What must hold besides; throws where it does not. `outputs` are what the stage's log holds. */
  readonly expect?: (outputs: Readonly<Partial<Record<StageName, readonly LineEvent[]>>>) => void;
}

export interface Account {
  readonly steps: number;
  readonly frames: number;
  readonly starts: number;
  readonly faults: Readonly<Record<FaultKind, number>>;
}

/** A schedule that broke an invariant: its seed says it all again. */
export class FailedSchedule extends Error {
  override readonly name = 'FailedSchedule';

  constructor(readonly seed: number, readonly trace: readonly TracedFault[], readonly plan: readonly PlannedFault[], options: { readonly cause: unknown }) {
    super(`seed ${seed}: ${options.cause instanceof Error ? options.cause.message : String(options.cause)}\n${trace.map(({ step, kind, what }) => `  step ${step}: ${kind}, ${what}`).join('\n')}`, options);
  }
}

/** Without a frame more in any log: a bank that asks again and again makes thousands of steps, but they come to an end. */
const maximumIdleSteps = 40_000;

/**
 * One schedule: the production sequencer, runners, appender, state and timers over a simulated world, with at least twenty faults; then
 * the comparison with an oracle. Everything follows from the seed. Throws FailedSchedule where an invariant does not hold.
 */
export async function simulate(scenario: Scenario, seed: number, plan: readonly PlannedFault[] = planOf(seed)): Promise<Account> {
  const world = new World(seed, scenario.flows as readonly Flow<StageName>[], scenario.merged);
  try {
    await run(world, scenario, new Random(seed ^ 0x5bd1e995), plan);
    await judge(world);
    scenario.expect?.(outputsOf(world));
  } catch (cause) {
    throw new FailedSchedule(seed, world.trace, plan, { cause });
  }
  return accountOf(world);
}

function planOf(seed: number): PlannedFault[] {
  return drawFaults(new Random(seed ^ 0x27d4eb2f));
}

/** Events go out and faults happen side by side, so that neither is left alone at the end; then everything is sent once more. */
async function run(world: World, { events, facts }: Scenario, random: Random, plan: readonly PlannedFault[]): Promise<void> {
  const releases = releasesOf(world, events(random), facts?.(random) ?? [], random);
  const waiting = [...plan];
  const isStuck = watchProgress(world);
  for (;;) {
    const moved = await world.turn();
    if (!moved || random.chance(1 / 6)) {
      const advanced = advance(world, releases, waiting, random);
      if (!moved && !advanced) break;
    }
    if (isStuck()) throw new Violation('no progress');
  }
  world.endStale();
  for (const sent of [...world.bank.sent]) world.bank.sendCopy(sent, 0);
  const lastStep = world.scheduler.step + maximumIdleSteps;
  while (await world.turn()) if (world.scheduler.step > lastStep) throw new Violation('no progress at the end');
  if (!world.bank.isAnswered) throw new Violation('a request never got its answer');
}

function watchProgress({ logs, scheduler }: World): () => boolean {
  let [frames, sinceStep] = [-1, 0];
  return () => {
    const now = logs.reduce((sum, log) => sum + log.frames.length, 0);
    if (now !== frames) [frames, sinceStep] = [now, scheduler.step];
    return scheduler.step - sinceStep > maximumIdleSteps;
  };
}

/** The next release or the next fault, in proportion to what is left of each; false when nothing is left of both. */
function advance(world: World, releases: (() => void)[], waiting: PlannedFault[], random: Random): boolean {
  const left = releases.length + waiting.length;
  if (left === 0) return false;
  if (random.below(left) < releases.length) releases.shift()!();
  else {
    const place = waiting.findIndex((fault) => applyFault(world, fault));
    if (place >= 0) waiting.splice(place, 1);
    // What it needs does not happen just now: new work may bring it about, a crash in its stead always does.
    else if (random.chance(0.9)) world.tick(1);
    else waiting.push({ kind: 'crash', seed: waiting.shift()!.seed });
  }
  return true;
}

/** Requests of every size, shared facts between them. */
function releasesOf(world: World, events: readonly LineEvent[], facts: readonly LineEvent[], random: Random): (() => void)[] {
  const releases: (() => void)[] = [];
  for (let next = 0; next < events.length; ) {
    const request = events.slice(next, (next += random.pick([1, 1, 2, 3, 7])));
    releases.push(() => world.send(request));
  }
  for (const fact of facts) releases.splice(random.below(releases.length + 1), 0, () => world.publish(fact));
  return releases;
}

function outputsOf({ logs }: World): Partial<Record<StageName, readonly LineEvent[]>> {
  return Object.fromEntries(logs.map(({ name, frames }) => [name, frames.flatMap(({ bytes }) => [...decodeFrame(bytes).events])]));
}

function accountOf({ scheduler, logs, services, trace }: World): Account {
  const faults = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<FaultKind, number>;
  for (const { kind } of trace) faults[kind]++;
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  return { steps: scheduler.step, frames: sum(logs.map(({ end }) => end)), starts: sum(services.map(({ starts }) => starts)), faults };
}
