/**
 * `npm run bench`: what each path of the system reaches of the raw limit of this machine, both measured in the same run.
 * It answers with ratios: times belong to a machine and to what else it did meanwhile.
 */
import { onParentGone, Refusal } from '@sp/testing';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { readOptions, usage, type BenchOptions } from './bench/bench-options';
import { compare, comparisonText } from './bench/compare';
import { describeMachine } from './bench/machine';
import type { BenchResult } from './bench/result';
import { runBench } from './bench/run-bench';
import { machineText, sharesText, tableOf } from './bench/table';

const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const fromHere = (file: string): string => resolve(process.env['INIT_CWD'] ?? '.', file);

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return void say(usage);
  onParentGone(() => process.exit(1));
  const before = options.compare === undefined ? undefined : (JSON.parse(await readFile(fromHere(options.compare), 'utf8')) as BenchResult);
  const machine = await describeMachine();
  const takenAt = new Date().toISOString();
  say(machineText({ machine, takenAt, rows: [], shares: [] }));
  const result = { takenAt, machine, ...(await runBench(options, (line) => say(`  ${line}`))) };
  tell(result, before);
  await save(result, options);
}

function tell(result: BenchResult, before: BenchResult | undefined): void {
  say(`\n${tableOf(result.rows)}`);
  if (result.shares.length > 0) say(`\nWhere the time goes\n${sharesText(result.shares)}`);
  if (before) say(`\nBeside ${before.takenAt.slice(0, 16)}Z\n${comparisonText(compare(before, result))}`);
}

async function save(result: BenchResult, { json }: BenchOptions): Promise<void> {
  if (json === undefined) return;
  await mkdir(dirname(fromHere(json)), { recursive: true });
  await writeFile(fromHere(json), `${JSON.stringify(result, undefined, 2)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(error instanceof Refusal ? `${error.message}\n` : `${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
