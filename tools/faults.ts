/** `npm run faults`: the engine, or the decisions upon it, through simulated schedules of faults, from seeds. */
import { shrink, trySchedules, type Scenario, type Tried } from '@sp/dataflow/testing';
import { parseArgs } from 'node:util';
import { decisionsScenario } from './decisions/decisions-scenario';

const usage = `npm run faults -- [options]: sequencer and stages through simulated faults, each schedule from its seed
  --of WHAT       engine (default), or decisions: the recommender's own fold, with budgets, caps and consent as invariants
  --schedules N   how many (default 10000)
  --seed S        the first one's seed; the next ones count on from it (default 1)`;

const progressEveryMs = 5_000;
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const given = parseArgs({ options: { of: { type: 'string', default: 'engine' }, schedules: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' }, help: { type: 'boolean', short: 'h', default: false } } }).values;
  if (given.help) return say(usage) ? 0 : 1;
  const [schedules, seed] = [wholeNumber('schedules', given.schedules), wholeNumber('seed', given.seed)];
  if (given.of !== 'engine' && given.of !== 'decisions') throw new Error(`--of is engine or decisions, not "${given.of}"\n\n${usage}`);
  const made = { decisions: 0, offers: 0 };
  const scenario = given.of === 'engine' ? undefined : decisionsScenario((decisions) => {
    made.decisions += decisions.length;
    made.offers += decisions.filter(({ outcome }) => outcome !== 'none').length;
  });
  const startedAtMs = performance.now();
  const seconds = (): string => ((performance.now() - startedAtMs) / 1_000).toFixed(1);
  let toldAtMs = startedAtMs;
  const onSchedule = (done: number): void => {
    if (performance.now() - toldAtMs < progressEveryMs) return;
    toldAtMs = performance.now();
    say(`${String(done).padStart(8)} of ${schedules} schedules held … ${seconds()} s`);
  };
  const tried = await trySchedules({ schedules, seed, onSchedule, ...(scenario && { scenario }) });
  account(tried, seconds());
  if (scenario && !tried.failed) say(`${made.decisions} decisions, ${made.offers} offers and ghosts: no budget overspent, no cap broken, none without consent`);
  return tried.failed ? fail(tried.failed, scenario) : 0;
}

function account({ schedules, faults, steps, frames, starts, failed }: Tried, seconds: string): void {
  const kinds = Object.entries(faults).sort(([, a], [, b]) => b - a);
  const all = kinds.reduce((sum, [, times]) => sum + times, 0);
  say(`${failed ? schedules - 1 : schedules} schedules held in ${seconds} s: ${all} faults, ${starts} starts of a service, ${frames} frames, ${steps} steps`);
  for (const [kind, times] of kinds) say(`  ${kind.padEnd(20)}${String(times).padStart(10)}`);
}

async function fail(failed: NonNullable<Tried['failed']>, scenario: Scenario | undefined): Promise<number> {
  const shrunk = await shrink(failed, scenario);
  say(`\nFAILED ${failed.message}`);
  if (shrunk.plan.length < failed.plan.length) say(`\nWith ${shrunk.plan.length} of its ${failed.plan.length} faults: ${shrunk.message}`);
  say(`\nAgain: npm run faults --${scenario ? ' --of decisions' : ''} --schedules 1 --seed ${failed.seed}`);
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
