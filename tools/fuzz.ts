/** `npm run fuzz`: mutated events through the reader, and a share of them through the real door. */
import { Refusal } from '@sp/testing';
import { parseArgs } from 'node:util';
import { fuzzDoor } from './fuzz/fuzz-door';
import { fuzzReader, type FuzzResult } from './fuzz/fuzz-reader';
import { openOwnDoor } from './fuzz/own-door';

const usage = `npm run fuzz -- [options]: golden samples, changed in their structure, through the reader of events
  --inputs N   how many (default 200000)
  --seed S     another choice of changes (default 1)
  --from I     the number of the first one, to see one again (default 0)
  --http N     so many of them over HTTP too, to the built ingest (default: one in fifty; 0: none)`;

async function main(): Promise<void> {
  const { inputs, seed, from, http } = options();
  const reader = fuzzReader({ seed, from, inputs });
  print('reader', reader);
  const results = [reader];
  if (http > 0) results.push(await overHttp({ seed, from, inputs: http }));
  for (const problem of results.flatMap(({ problems }) => problems).slice(0, 50)) process.stdout.write(`FAILED (seed ${seed}): ${problem}\n`);
  if (results.some(({ problems }) => problems.length > 0)) process.exitCode = 1;
}

async function overHttp(options: { seed: number; from: number; inputs: number }): Promise<FuzzResult> {
  const door = await openOwnDoor();
  try {
    const result = await fuzzDoor(door.url, options);
    print('door', result);
    return door.isAlive() ? result : { ...result, problems: [...result.problems, 'ingest has ended'] };
  } finally {
    await door.close();
  }
}

function options(): { inputs: number; seed: number; from: number; http: number } {
  const { values } = parseArgs({ options: { inputs: { type: 'string' }, seed: { type: 'string' }, from: { type: 'string' }, http: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
  if (values.help) throw new Refusal(usage);
  const whole = (name: 'inputs' | 'seed' | 'from' | 'http', usual: number): number => {
    const number = values[name] === undefined ? usual : Number(values[name]);
    if (!Number.isSafeInteger(number) || number < 0) throw new Refusal(`--${name} must be a whole number, not "${values[name]}"\n\n${usage}`);
    return number;
  };
  const inputs = whole('inputs', 200_000);
  return { inputs, seed: whole('seed', 1), from: whole('from', 0), http: whole('http', Math.ceil(inputs / 50)) };
}

function print(what: string, { inputs, counts, slowestUs, problems }: FuzzResult): void {
  const slowest = slowestUs > 0 ? `, the slowest ${(slowestUs / 1_000).toFixed(1)} ms of CPU` : '';
  process.stdout.write(`${what}: ${inputs} inputs, ${problems.length} problems${slowest}\n`);
  for (const [outcome, count] of [...counts].sort(([, a], [, b]) => b - a)) process.stdout.write(`  ${outcome.padEnd(20)}${count}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Refusal ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
