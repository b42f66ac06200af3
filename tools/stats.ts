/** `npm run stats -- <file.json>`: statistics on arm summaries, so that anybody may check them: docs/experiments.md lists the methods. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { methodNames, runCases, WrongInput } from '@sp/experiments';
import { Refusal } from '@sp/testing';

const usage = `npm run stats -- FILE.json (- is the standard input): cases [{ "method": …, "input": { … } }], answered in their order as JSON.
Methods: ${methodNames.join(', ')}. Their inputs and outputs are in docs/experiments.md.`;

function main(): void {
  const [file] = process.argv.slice(2);
  if (!file || file === '--help' || file === '-h') return void process.stdout.write(`${usage}\n`);
  const results = runCases(casesOf(file));
  process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  if (results.some(({ error }) => error !== undefined)) process.exitCode = 1;
}

function casesOf(file: string): unknown {
  const text = textOf(file);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refusal(`${file} is no JSON: ${(error as Error).message}`);
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : resolve(process.env['INIT_CWD'] ?? '.', file), 'utf8');
  } catch (error) {
    throw new Refusal(`${file} cannot be read: ${(error as Error).message}`);
  }
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error instanceof Refusal || error instanceof WrongInput ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
