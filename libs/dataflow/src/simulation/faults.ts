import type { LineEvent } from '@sp/contracts';
import { standingOf } from '../table-merger';
import type { FaultKind, PlannedFault } from './fault-plan';
import { Random } from './random';
import type { Task, TaskKind } from './scheduler';
import type { SimulatedService } from './simulated-service';
import type { World } from './world';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const jumpsMs = [0, 0, 1, minuteMs, 60 * minuteMs, dayMs, 9 * dayMs, 20 * dayMs, 20 * dayMs];
const unknown = { kind: 'unknown', cause: 'no answer in time' } as const;

/** Does the fault to the world, if there is something now that it can be done to; answers what was done. */
type Apply = (world: World, random: Random) => string | undefined;

const apply: Readonly<Record<FaultKind, Apply>> = {
  'crash': (world, random) => {
    const alive = world.everyone.filter(({ current }) => current);
    const busy = alive.filter(({ current }) => world.scheduler.isAtWork(current!));
    const service = busy.length > 0 && random.chance(0.9) ? random.pick(busy) : alive.length > 0 ? random.pick(alive) : undefined;
    return service && kill(service);
  },
  'power-cut': ({ everyone }) => everyone.map(kill).filter(Boolean).join(', ') || undefined,
  'stale-owner': ({ everyone, scheduler }, random) => {
    const sleeper = random.pick(everyone).replaceSleeping();
    if (!sleeper) return undefined;
    const steps = random.between(5, 150);
    const wake: Task = { kind: 'wake', run: () => void (sleeper.sleeps = false) };
    scheduler.add(wake);
    scheduler.hold(wake, steps);
    return `${sleeper.owner} sleeps for ${steps} steps and is replaced`;
  },
  'end-in-order': ({ everyone }, random) => {
    const { current } = random.pick(everyone.slice(1));
    current?.endInOrder();
    return current && `${current.owner} is asked to end`;
  },
  'lost-request': onPending('append', (task, { scheduler }) => {
    scheduler.remove(task);
    task.answerAppend!(unknown);
  }),
  'lost-answer': onPending('append', (task, { scheduler }) => {
    scheduler.remove(task);
    task.answerAppend!(unknown);
    task.run();
  }),
  'late-request': onPending('append', (task, { scheduler }, random) => {
    task.answerAppend!(unknown);
    scheduler.hold(task, random.between(1, 150));
  }),
  'delayed-request': onPending('append', (task, { scheduler }, random) => scheduler.hold(task, random.between(2, 40))),
  'server-restart': ({ logs, scheduler }, random) => {
    const log = random.pick(logs);
    const appends = scheduler.pending('append').filter((task) => task.log === log.name);
    if (appends.length === 0) return undefined;
    log.forgetLastId();
    for (const task of appends) {
      task.answerAppend!(unknown);
      if (random.chance(0.5)) scheduler.remove(task);
    }
    return `${log.name} starts again with ${appends.length} appends under way`;
  },
  'window-passed': ({ logs }, random) => {
    const log = random.pick(logs);
    if (log.end === 0) return undefined;
    log.forgetIds();
    return `${log.name} knows no ids any more`;
  },
  'last-fails': onPending('last', (task) => task.refuse!()),
  'commit-refused': onPending('commit', (task) => task.refuse!()),
  'call-fails': onPending('call', (task) => task.refuse!()),
  'publish-fails': onPending('publish', (task) => task.refuse!()),
  'reader-stalls': onPending('read', (task, { scheduler }, random) => scheduler.hold(task, random.between(10, 100))),
  'retention': ({ services, merger }, random) => {
    const index = random.below(services.length);
    const { options: { output }, disk } = services[index]!;
    const reader = services[index + 1];
    const taken = output.expire(Math.min(disk.position.output, reader?.disk.position.input ?? Infinity, merger && index > 0 ? mergedPosition(merger, index - 1) : Infinity));
    if (taken === 0) return undefined;
    // So long a silence mostly means that its writer was off.
    const off = random.chance(0.6) ? kill(services[index]!) : undefined;
    return `${output.name} loses its first ${taken} frames, ${output.end + 1 - output.firstKept} are kept${off ? `, ${off} is off` : ''}`;
  },
  'copy-of-a-request': ({ bank }, random) => {
    if (bank.sent.length === 0) return undefined;
    const events = random.pick(bank.sent);
    bank.sendCopy(events, random.between(0, 100));
    return `${idsOf(events)} once more`;
  },
  'conflicting-copy': ({ bank }, random) => {
    if (bank.sent.length === 0) return undefined;
    const events = random.pick(bank.sent).map((event) => ({ ...event, data: { ...event.data, isOther: true } }) as unknown as LineEvent);
    bank.sendCopy(events, random.between(0, 50));
    return `${idsOf(events)} with other content`;
  },
  'lost-reply': onPending('reply', (task, { scheduler }) => {
    scheduler.remove(task);
    task.refuse!();
  }),
  'clock-jump': (world, random) => {
    const jumpMs = random.pick(jumpsMs);
    world.tick(jumpMs);
    return jumpMs === 0 ? 'the last tick again' : `${jumpMs / minuteMs} minutes ahead`;
  },
};

export function applyFault(world: World, { kind, seed }: PlannedFault): boolean {
  const { step } = world.scheduler;
  const what = apply[kind](world, new Random(seed));
  if (what !== undefined) world.trace.push({ step, kind, what });
  return what !== undefined;
}

function mergedPosition({ disk }: SimulatedService, source: number): number {
  return standingOf({ get: (key) => disk.values.get(key), entries: () => [] })?.sources[source]?.position ?? 0;
}

function onPending(kind: TaskKind, harm: (task: Task, world: World, random: Random) => void): Apply {
  return (world, random) => {
    const pending = world.scheduler.pending(kind);
    if (pending.length === 0) return undefined;
    const task = random.pick(pending);
    harm(task, world, random);
    return `${kind} by ${(task.owner ?? task.sender)?.owner}${task.log ? ` on ${task.log}` : ''}`;
  };
}

function kill(service: SimulatedService): string | undefined {
  const { current } = service;
  if (current) service.kill(current);
  return current?.owner;
}

function idsOf(events: readonly LineEvent[]): string {
  return events.map(({ id }) => id).join(', ');
}
