import type { ClickHouseClient } from '@clickhouse/client';
import type { Migration } from './read-migrations';
import { readRows } from './read-rows';

/** An applied migration differs from its file: nothing is run. */
export class ChangedMigrationError extends Error {
  override readonly name = 'ChangedMigrationError';
}

/**
 * Runs what has not been run yet, in order, and reports a line for each migration. An interrupted migration is run again from
 * its first statement, so statements are written to be repeatable (`IF NOT EXISTS`). One runs at a time: it is a command, not a service's start.
 */
export async function applyMigrations(client: ClickHouseClient, migrations: readonly Migration[], report: (line: string) => void): Promise<void> {
  await createBookkeeping(client);
  const applied = await readApplied(client);
  for (const migration of migrations) refuseChanged(migration, applied.get(migration.number));
  for (const migration of migrations) {
    if (applied.has(migration.number)) report(`${label(migration)}: already applied`);
    else report(`${label(migration)}: applied in ${await apply(client, migration)} ms`);
  }
}

async function createBookkeeping(client: ClickHouseClient): Promise<void> {
  await client.command({
    query: `CREATE TABLE IF NOT EXISTS schema_migrations
      (number UInt32, name String, checksum String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3)) ENGINE = MergeTree ORDER BY number`,
  });
}

async function readApplied(client: ClickHouseClient): Promise<Map<number, string>> {
  const rows = await readRows<{ number: number; checksum: string }>(client, 'SELECT number, checksum FROM schema_migrations');
  return new Map(rows.map((row) => [row.number, row.checksum]));
}

function refuseChanged(migration: Migration, appliedChecksum: string | undefined): void {
  if (appliedChecksum === undefined || appliedChecksum === migration.checksum) return;
  throw new ChangedMigrationError(`migration ${label(migration)} was changed after it was applied: restore the file and write a new migration instead`);
}

async function apply(client: ClickHouseClient, migration: Migration): Promise<number> {
  const startedAt = performance.now();
  for (const [i, query] of migration.statements.entries()) {
    try {
      await client.command({ query });
    } catch (cause) {
      throw new Error(`migration ${label(migration)}, statement ${i + 1} failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }
  const { number, name, checksum } = migration;
  await client.insert({ table: 'schema_migrations', values: [{ number, name, checksum }], columns: ['number', 'name', 'checksum'], format: 'JSONEachRow' });
  return Math.round(performance.now() - startedAt);
}

function label(migration: Migration): string {
  return `${String(migration.number).padStart(4, '0')}-${migration.name}`;
}
