/** `npm test`: lint, types, unit and integration tests, browser tests; ends with `N passed, N failed`. */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refusal, checksOf, findChromium, findNatsServer, findXgboost, onParentGone, repositoryFolder, startProcess, totalLine, xgboostEnvironment } from '@sp/testing';
import type { Checks } from '@sp/testing';

const ROOT = repositoryFolder();
const CACHE = join(ROOT, '.cache');
const NONE: Checks = { passed: 0, failed: [], skipped: [] };
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  if (process.argv.length > 2) throw new Refusal('npm test takes no arguments: for a part of the tests type "npx vitest run PATH".');
  onParentGone(() => process.exit(1));
  const env = await environment();
  const [linted, types] = await Promise.all([
    told('lint', lint),
    told('types', () => command('types', 'typescript-7/bin/tsc', ['-p', 'tsconfig.json'])),
  ]);
  const tests = await told('tests', () => vitest('tests', env, ['--exclude', '**/*.browser.spec.ts']));
  const browser = await told('browser', () => browserTests(env));
  const all = [linted, types, tests, browser];
  explain(all);
  say(totalLine(all));
  process.exitCode = all.some(({ failed }) => failed.length > 0) ? 1 : 0;
}

async function environment(): Promise<Record<string, string>> {
  const server = await findNatsServer(CACHE, say);
  const xgboost = await findXgboost(CACHE, say);
  return { NATS_SERVER: server, ...xgboostEnvironment(xgboost) };
}

async function told(name: string, work: () => Promise<Checks>): Promise<Checks> {
  const startedAtMs = performance.now();
  const checks = await work();
  say(`${name.padEnd(16)}${totalLine([checks])} … ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`);
  return checks;
}

/** The boundaries between projects are checked against the project graph, so that must be there first: without it the rule only warns. */
async function lint(): Promise<Checks> {
  const quiet = { NX_DAEMON: 'false', NX_TUI: 'false' };
  const graph = await run('project graph', 'nx/dist/bin/nx.js', ['show', 'projects'], quiet);
  if (graph.code !== 0) return { ...NONE, failed: [{ name: 'lint: project graph', said: graph.output }] };
  const { code, output } = await run('lint', 'eslint/bin/eslint.js', ['.', '--max-warnings=0'], quiet);
  const complete = code === 0 && !output.includes('The rule will be skipped');
  return complete ? { ...NONE, passed: 1 } : { ...NONE, failed: [{ name: 'lint', said: output }] };
}

/** A tool that passes or fails as a whole is one check. */
async function command(name: string, file: string, args: string[]): Promise<Checks> {
  const { code, output } = await run(name, file, args, {});
  return code === 0 ? { ...NONE, passed: 1 } : { ...NONE, failed: [{ name, said: output }] };
}

async function vitest(name: string, env: Record<string, string>, args: string[]): Promise<Checks> {
  const folder = await mkdtemp(join(tmpdir(), 'sp-test-'));
  const file = join(folder, 'report.json');
  try {
    const { code, output } = await run(name, 'vitest/vitest.mjs', ['run', '--reporter=json', `--outputFile=${file}`, ...args], env);
    const checks = await readFile(file, 'utf8').then((text) => checksOf(text, ROOT), () => NONE);
    if (code === 0 || checks.failed.length > 0) return checks;
    return { ...checks, failed: [{ name: `${name}: vitest itself (exit code ${code})`, said: output }] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function browserTests(env: Record<string, string>): Promise<Checks> {
  const files = (await readdir(join(ROOT, 'apps/dashboard'), { recursive: true }).catch(() => [])).filter((file) => /\.browser\.spec\.tsx?$/.test(file));
  if (files.length === 0) return NONE;
  const chromium = await findChromium(say);
  if (chromium) return vitest('browser', { ...env, CHROMIUM: chromium }, ['--config', 'vitest.browser.config.ts']);
  const names = files.map((file) => `apps/dashboard/${file}`);
  const said = 'there is no Chromium: install the package "chromium", or set CHROMIUM to the program';
  if (/^(true|1)$/.test(process.env.CI ?? '')) return { ...NONE, failed: names.map((name) => ({ name, said })) };
  return { ...NONE, skipped: names.map((name) => `${name}: ${said}`) };
}

async function run(name: string, file: string, args: string[], env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const lines: string[] = [];
  const started = await startProcess({
    name,
    command: process.execPath,
    args: [join(ROOT, 'node_modules', file), ...args],
    cwd: ROOT,
    env: { ...env, NO_COLOR: '1', FORCE_COLOR: '0' },
    onLine: (line) => lines.push(line),
  });
  const { code } = await started.exited;
  return { code, output: lines.join('\n') };
}

function explain(all: readonly Checks[]): void {
  for (const name of all.flatMap(({ skipped }) => skipped)) say(`skipped: ${name}`);
  for (const { name, said } of all.flatMap(({ failed }) => failed)) say(`\nFAILED: ${name}\n${withoutForeignFrames(said)}\n`);
}

function withoutForeignFrames(said: string): string {
  const lines = said.trimEnd().split('\n').filter((line) => !/^\s+at .*(node_modules|node:internal|new Promise)/.test(line));
  return lines.map((line) => `  ${line}`).join('\n');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Refusal ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
