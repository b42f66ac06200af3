/** `npm run evaluate -- FOLDER`: offline quality on public data, each figure beside what it must beat. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findXgboost as openable, openXgboost } from '@sp/models';
import type { Trainer } from '@sp/learning';
import { findXgboost, onParentGone, Refusal, repositoryFolder, xgboostEnvironment } from '@sp/testing';
import { bankMarketing } from './evaluate/bank-marketing';
import type { Case, CaseInput, Finding } from './evaluate/case';
import { findingsTable } from './evaluate/findings-table';
import { nab } from './evaluate/nab/nab';
import { nextBasket } from './evaluate/next-basket';
import { nextCategory } from './evaluate/next-category';
import { openBandit } from './evaluate/open-bandit';
import { publicFiles } from './evaluate/public-files';
import { starbucks } from './evaluate/starbucks';
import { timing } from './evaluate/timing';

const cases: readonly Case[] = [bankMarketing, nextBasket, nextCategory, timing, starbucks, openBandit, nab];

const usage = `npm run evaluate -- FOLDER [--history FOLDER] [--only CASE] [--output FOLDER] [--json]
  FOLDER     public data, one set or several: ${cases.map(({ name }) => name).join(', ')}
  --history  earlier parts of the same sets, to learn from
  --only     one of the sets
  --output   where nab's detections are put
  --json     the findings as JSON`;
const say = (line: string): boolean => process.stderr.write(`${line}\n`);

interface Wish {
  readonly folder: string;
  readonly history: string | undefined;
  readonly only: string | undefined;
  readonly output: string | undefined;
  readonly json: boolean;
}

async function main(): Promise<void> {
  const wish = wishOf();
  onParentGone(() => process.exit(1));
  const input: CaseInput = { files: publicFiles(wish.folder), history: wish.history === undefined ? [] : publicFiles(wish.history), trainer: await trainer(), output: wish.output, say };
  const findings = cases.filter(({ name }) => wish.only === undefined || name === wish.only).flatMap((one) => run(one, input));
  if (findings.length === 0) throw new Refusal(`${wish.folder} holds nothing known${wish.only === undefined ? '' : ` of ${wish.only}`}: expected files of ${cases.map(({ name }) => name).join(', ')}.\n${usage}`);
  process.stdout.write(wish.json ? `${JSON.stringify(findings, null, 2)}\n` : findingsTable(findings));
}

function wishOf(): Wish {
  const options = { history: { type: 'string' }, only: { type: 'string' }, output: { type: 'string' }, json: { type: 'boolean', default: false } } as const;
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (positionals.length !== 1) throw new Error('Name the folder of the public data.');
    if (values.only !== undefined && !cases.some(({ name }) => name === values.only)) throw new Error(`There is no case "${values.only}".`);
    return { folder: folderOf(positionals[0]!), history: values.history === undefined ? undefined : folderOf(values.history), only: values.only, output: values.output === undefined ? undefined : resolve(process.env['INIT_CWD'] ?? '.', values.output), json: values.json };
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\n${usage}`);
  }
}

function folderOf(given: string): string {
  const folder = resolve(process.env['INIT_CWD'] ?? '.', given);
  if (!existsSync(folder)) throw new Error(`${folder} is not there.`);
  return folder;
}

/** Without the library the cases say what they can without boosted trees. */
async function trainer(): Promise<Trainer | undefined> {
  const library = await findXgboost(join(repositoryFolder(), '.cache'), say).catch(() => undefined);
  Object.assign(process.env, { OMP_WAIT_POLICY: 'PASSIVE' }, library && xgboostEnvironment(library));
  const paths = openable();
  if (!paths) say("XGBoost's library is not to be found: what needs boosted trees is left out. Install libxgboost0, or set XGBOOST_LIBRARY to its file.");
  return paths && openXgboost(paths);
}

function run({ name, evaluate }: Case, input: CaseInput): readonly Finding[] {
  const startedAt = Date.now();
  const findings = evaluate(input) ?? [];
  if (findings.length > 0) say(`${name}: ${((Date.now() - startedAt) / 1000).toFixed(0)} s`);
  return findings;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Refusal ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
