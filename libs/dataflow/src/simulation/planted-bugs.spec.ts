import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plantedBugs, type PlantedBug } from './planted-bugs';
import type { trySchedules } from './try-engine';

// A simulation that finds nothing proves nothing: each bug goes into a copy of the production sources, built for the test alone.
const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../../../..');
const folder = join(root, 'node_modules/.cache/planted-bugs', String(process.pid));
const maximumSchedules = Number(process.env['PLANTED_SCHEDULES'] ?? 2_000);

beforeAll(() => void mkdirSync(folder, { recursive: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the simulation finds', () => {
  it.each(plantedBugs.map((bug, number) => ({ ...bug, number })))('$name', { timeout: 100_000 + maximumSchedules * 200 }, async ({ number, ...bug }) => {
    const { failed, schedules } = await (await engineWith(bug, number))({ schedules: maximumSchedules, seed: 1 });
    expect(failed, `nothing found in ${schedules} schedules`).toBeDefined();
    if (process.env['PLANTED_SCHEDULES']) process.stdout.write(`${String(schedules).padStart(6)}  ${bug.name}: ${failed!.message.split('\n')[0]!.slice(0, 110)}\n`);
  });
});

async function engineWith(bug: PlantedBug, number: number): Promise<typeof trySchedules> {
  const built = await build({
    configFile: false, root, logLevel: 'error', resolve: { tsconfigPaths: true }, plugins: [planting(bug)],
    build: { ssr: true, write: false, minify: false, rolldownOptions: { input: join(here, 'try-engine.ts') } },
  });
  const [entry] = (built as { output: { code: string }[] }).output;
  const file = join(folder, `${number}.mjs`);
  writeFileSync(file, entry!.code);
  return ((await import(/* @vite-ignore */ pathToFileURL(file).href)) as { trySchedules: typeof trySchedules }).trySchedules;
}

function planting({ edits }: PlantedBug): Plugin {
  return {
    name: 'planted-bug',
    enforce: 'pre',
    transform(code, id) {
      const own = edits.filter(({ file }) => id === join(here, '..', file));
      return own.length === 0 ? undefined : own.reduce((text, { is, becomes }) => planted(text, is, becomes), code);
    },
  };
}

function planted(text: string, is: string, becomes: string): string {
  if (text.split(is).length !== 2) throw new Error(`the sources have changed, plant this bug anew: "${is}"`);
  return text.replace(is, () => becomes);
}
