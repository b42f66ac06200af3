import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Fills `folder` once: `fill` works in a folder beside it that is renamed when it is whole, so that an interrupted or a
 * second, simultaneous fill never leaves half an entry. `fill` says which of its sub-folders is the entry.
 */
export async function fillOnce(folder: string, fill: (workFolder: string) => Promise<string>): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const workFolder = await mkdtemp(join(dirname(folder), 'fetching-'));
  try {
    const filled = await fill(workFolder);
    await rename(filled, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}
