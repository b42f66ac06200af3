/** `npm run peeking`: how often equal arms are called different by somebody who looks thirty times, and how much power the adjustments give. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { peekingWorlds, simulatePeeking, simulatePower, type PeekingResult } from '@sp/experiments';
import { recordedText, reportRecordedTests } from './peeking/recorded-tests';

const usage = `npm run peeking -- [options]
  --experiments N  simulated experiments of each world (default 10000; some three minutes)
  --looks N        looks at each (default 30)
  --seed N         (default 1)
  --recorded FOLDER  instead: the same methods on real interim readings (experiments.csv.gz of the ASOS Digital Experiments Dataset)
  --json           the figures as JSON`;

const alpha = 0.05;
/** What the project promises of any-look false positives at alpha 0.05, and of power. */
const promises = { groupSequential: 0.055, sequence: 0.02, powerRatio: 1.7 };
const powerPlans = [{ clientsPerArm: 1000, lift: 0.22 }, { clientsPerArm: 3000, lift: 0.13 }];

function main(): void {
  const { values } = parseArgs({ options: { experiments: { type: 'string', default: '10000' }, looks: { type: 'string', default: '30' }, seed: { type: 'string', default: '1' }, json: { type: 'boolean', default: false }, recorded: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } } });
  if (values.help) return void process.stdout.write(`${usage}\n`);
  if (values.recorded !== undefined) return recorded(values.recorded, values.json);
  const [experiments, looks, seed] = [values.experiments, values.looks, values.seed].map(Number) as [number, number, number];
  if (![experiments, looks, seed].every((number) => Number.isInteger(number) && number > 0)) throw new RangeError(usage);
  const say = (line: string): void => void (values.json || process.stdout.write(`${line}\n`));
  say(`Two equal arms, ${looks} looks, alpha ${alpha}: share of ${experiments} experiments in which some look calls a difference\n`);
  say(`${'world'.padEnd(46)}${['clients/arm', 'fixed test', 'group-seq.', 'sequence'].map((title) => title.padStart(12)).join('')}`);
  const peeking = peekingWorlds.map((world) => shown(simulatePeeking(world, { experiments, looks, alpha, seed }), say));
  say('\nPower of one test at the end on heavy-tailed spend\n');
  const power = powerPlans.map((plan) => {
    const result = simulatePower({ ...plan, experiments: Math.min(experiments, 2000), alpha, seed });
    const ratio = result.adjusted / result.plain;
    say(`${plan.clientsPerArm} clients an arm, true lift ${percent(plan.lift)}: plain ${percent(result.plain)}, winsorised + CUPED ${percent(result.adjusted)}: ${ratio.toFixed(2)} times`);
    return { ...result, ratio };
  });
  const kept = peeking.every((result) => result.groupSequential <= promises.groupSequential && result.sequence <= promises.sequence) && power.every(({ ratio }) => ratio >= promises.powerRatio);
  say(`\n${kept ? 'kept' : 'BROKEN'}: group-sequential at most ${percent(promises.groupSequential)}, sequences at most ${percent(promises.sequence)}, power at least ${promises.powerRatio} times`);
  if (values.json) process.stdout.write(`${JSON.stringify({ alpha, looks, seed, peeking, power, promises, kept }, null, 2)}\n`);
  if (!kept) process.exitCode = 1;
}

function recorded(folder: string, asJson: boolean): void {
  const report = reportRecordedTests(resolve(process.env['INIT_CWD'] ?? '.', folder), alpha);
  process.stdout.write(`${asJson ? JSON.stringify(report, null, 2) : recordedText(report)}\n`);
}

function shown(result: PeekingResult, say: (line: string) => void): PeekingResult {
  const numbers = [String(result.clientsPerArm), percent(result.fixedTest), percent(result.groupSequential), percent(result.sequence)];
  say(`${result.world.padEnd(46)}${numbers.map((text) => text.padStart(12)).join('')}`);
  return result;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

try {
  main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
