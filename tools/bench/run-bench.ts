import { connectNats } from '@sp/nats';
import { repositoryFolder, startNats, timed, type Say } from '@sp/testing';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchOptions, Sync } from './bench-options';
import { doorBatchRows } from './door-batches';
import { decisionPath } from './decision-path';
import { doorRow } from './door-path';
import { experimentPaths } from './experiments-path';
import { featureStorePath } from './feature-store-path';
import { engineRows, usualRow, type HopBench } from './hop-paths';
import { linePaths } from './line-path';
import { monitoringRows } from './monitoring-path';
import type { Findings, Row, Shares } from './result';

/** Runs the chosen paths one after another, each against servers of its own in a folder that is gone afterwards. */
export async function runBench({ only, syncs }: BenchOptions, say: Say): Promise<Findings> {
  const found = { rows: [] as Row[], shares: [] as Shares[] };
  if (only.has('monitoring')) found.rows.push(...(await timed(say, 'monitoring', 'one core', async () => monitoringRows())));
  for (const sync of syncs) {
    const step = async (name: string, isWanted: boolean, work: () => Promise<Findings>): Promise<void> => {
      if (!isWanted) return;
      const { rows, shares } = await timed(say, name, `sync ${sync}`, work);
      found.rows.push(...rows);
      found.shares.push(...shares);
    };
    await step('engine', only.has('engine'), () => withNats(sync, engineRows));
    await step('usual', only.has('usual'), () => withNats(sync, usualRow));
    await step('feature-store', only.has('feature-store'), () => withNats(sync, featureStorePath));
    await step('decisions', only.has('decisions'), () => withNats(sync, decisionPath));
    await step('door', only.has('door'), () => withNats(sync, doorRow));
    await step('http', only.has('http'), () => withNats(sync, doorBatchRows));
    await step('line', only.has('latency') || only.has('line'), () => withFolder((folder) => linePaths(folder, sync, only)));
    // It asks nothing of the log's durability: once is enough.
    await step('experiments', only.has('experiments') && sync === syncs[0], () => withFolder(experimentPaths));
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
