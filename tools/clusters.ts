/** `npm run clusters`: groups of clients and of merchants who behave alike, trained from ClickHouse; see docs/features.md. */
import { connectClickHouse } from '@sp/clickhouse';
import { repositoryFolder, Refusal } from '@sp/testing';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { clientRows, merchantRows } from './clusters/cluster-rows';
import { saveClusters } from './clusters/save-clusters';

const usage = `npm run clusters -- train --clickhouse URL [--models FOLDER] [--seed N] [--rows N] [--provenance TEXT]
  groups the clients by the newest vector that a decision used, and the merchants by their purchases; the number of groups
  is the one of the best silhouette. Writes an artefact each; "npm run operate -- activate-clusters KIND VERSION" uses it.`;

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { clickhouse: text, models: text, seed: text, rows: text, provenance: text } });
  const url = values.clickhouse ?? process.env['CLICKHOUSE_URL'];
  if (positionals[0] !== 'train' || url === undefined) throw new Refusal(usage);
  const [seed, most] = [Number(values.seed ?? 1), Number(values.rows ?? 20_000)];
  if (!Number.isInteger(seed) || !Number.isInteger(most) || most < 1) throw new Refusal(usage);
  const folder = values.models === undefined ? join(repositoryFolder(), 'models') : resolve(process.env['INIT_CWD'] ?? '.', values.models);
  const client = connectClickHouse(url);
  try {
    for (const read of [clientRows, merchantRows]) {
      const rows = await read(client, most);
      process.stdout.write(saveClusters(folder, rows, { seed, provenance: values.provenance ?? 'not said' }));
    }
  } finally {
    await client.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Refusal || error instanceof RangeError ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
