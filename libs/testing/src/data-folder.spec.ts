import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataFolder, removeDataFolder } from './data-folder';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sp-data-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe("a line's data folder", () => {
  it('is opened again with the same clock and partitions', async () => {
    await openDataFolder(folder, { clock: 'events', partitions: 4 });
    await expect(openDataFolder(folder, { clock: 'events', partitions: 4 })).resolves.toBeUndefined();
  });

  it('refuses another clock in one sentence with its remedy', async () => {
    await openDataFolder(folder, { clock: 'events', partitions: 4 });
    await expect(openDataFolder(folder, { clock: 'wall', partitions: 4 })).rejects.toThrow(/clock "events" and 4 .*not .*clock "wall".*--fresh/);
  });

  it('refuses another number of partitions', async () => {
    await openDataFolder(folder, { clock: 'wall', partitions: 4 });
    await expect(openDataFolder(folder, { clock: 'wall', partitions: 8 })).rejects.toThrow(/8 partitions/);
  });

  it('is never made in a folder that holds something else', async () => {
    await writeFile(join(folder, 'letters.txt'), 'mine');
    await expect(openDataFolder(folder, { clock: 'wall', partitions: 4 })).rejects.toThrow(/something else/);
  });

  it('is removed to begin anew', async () => {
    await openDataFolder(folder, { clock: 'wall', partitions: 4 });
    await removeDataFolder(folder);
    expect(existsSync(folder)).toBe(false);
  });

  it('is not removed when it is not a line of ours', async () => {
    await writeFile(join(folder, 'letters.txt'), 'mine');
    await expect(removeDataFolder(folder)).rejects.toThrow(/not removed/);
    expect(existsSync(join(folder, 'letters.txt'))).toBe(true);
  });
});
