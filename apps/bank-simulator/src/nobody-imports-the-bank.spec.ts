import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const repository = resolve(import.meta.dirname, '../../..');

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name === 'bank-simulator' ? [] : sources(path);
    return /\.(ts|tsx|mjs)$/.test(entry.name) ? [path] : [];
  });
}

it('keeps its truth: nothing outside of the simulated bank imports from it', () => {
  const files = ['apps', 'libs', 'tools'].flatMap((folder) => sources(join(repository, folder)));
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => /(from|import)\s*\(?\s*['"][^'"]*bank-simulator/.test(readFileSync(file, 'utf8')))).toEqual([]);
});
