/** `npm run faults`: the engine through simulated schedules of faults, from seeds. */
import { shrink, trySchedules, type Tried } from '@sp/dataflow/testing';
import { parseArgs } from 'node:util';

const usage = `npm run faults -- [options]: sequencer and stages through simulated faults, each schedule from its seed
  --schedules N   how many (default 10000)
  --seed S        the first one's seed; the next ones count on from it (default 1)`;

const progressEveryMs = 5_000;
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const given = parseArgs({ options: { schedules: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' }, help: { type: 'boolean', short: 'h', default: false } } }).values;
  if (given.help) return say(usage) ? 0 : 1;
  const [schedules, seed] = [wholeNumber('schedules', given.schedules), wholeNumber('seed', given.seed)];
  const startedAtMs = performance.now();
  const seconds = (): string => ((performance.now() - startedAtMs) / 1_000).toFixed(1);
  let toldAtMs = startedAtMs;
  const onSchedule = (done: number): void => {
    if (performance.now() - toldAtMs < progressEveryMs) return;
    toldAtMs = performance.now();
    say(`${String(done).padStart(8)} of ${schedules} schedules held … ${seconds()} s`);
  };
  const tried = await trySchedules({ schedules, seed, onSchedule });
  account(tried, seconds());
  return tried.failed ? fail(tried.failed) : 0;
}

function account({ schedules, faults, steps, frames, starts, failed }: Tried, seconds: string): void {
  const kinds = Object.entries(faults).sort(([, a], [, b]) => b - a);
  const all = kinds.reduce((sum, [, times]) => sum + times, 0);
  say(`${failed ? schedules - 1 : schedules} schedules held in ${seconds} s: ${all} faults, ${starts} starts of a service, ${frames} frames, ${steps} steps`);
  for (const [kind, times] of kinds) say(`  ${kind.padEnd(20)}${String(times).padStart(10)}`);
}

async function fail(failed: NonNullable<Tried['failed']>): Promise<number> {
  const shrunk = await shrink(failed);
  say(`\nFAILED ${failed.message}`);
  if (shrunk.plan.length < failed.plan.length) say(`\nWith ${shrunk.plan.length} of its ${failed.plan.length} faults: ${shrunk.message}`);
  say(`\nAgain: npm run faults -- --schedules 1 --seed ${failed.seed}`);
  return 1;
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} must be a whole number, not "${text}"\n\n${usage}`);
  return Number(text);
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
