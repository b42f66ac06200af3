import { connectNats } from '@sp/nats';
import { repositoryFolder, startNats, timed, type Say } from '@sp/testing';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchOptions, Sync } from './bench-options';
import { engineRows, usualRow, type HopBench } from './hop-paths';
import type { Row, Shares } from './result';

export interface Findings {
  readonly rows: Row[];
  readonly shares: Shares[];
}

/** Runs the chosen paths one after another, each against servers of its own in a folder that is gone afterwards. */
export async function runBench({ only, syncs }: BenchOptions, say: Say): Promise<Findings> {
  const found: Findings = { rows: [], shares: [] };
  for (const sync of syncs) {
    if (only.has('engine')) await timed(say, 'engine', `sync ${sync}`, async () => void found.rows.push(...(await withNats(sync, engineRows))));
    if (only.has('usual')) await timed(say, 'usual', `sync ${sync}`, async () => void found.rows.push(await withNats(sync, usualRow)));
  }
  return found;
}

async function withNats<T>(sync: Sync, work: (bench: HopBench) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => {
    const server = await startNats({ folder: join(folder, 'nats'), sync });
    const connection = await connectNats(server.url, 'bench');
    try {
      return await work({ connection, folder, sync });
    } finally {
      await connection.close();
      await server.stop();
    }
  });
}

/** On the disk where the line's own data lie: a folder for temporary files may live in memory. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const parent = join(repositoryFolder(), '.data');
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
