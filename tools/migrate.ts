/**
 * Brings ClickHouse's schema up to date, and makes the log's streams where `NATS_URL` says who may: `CLICKHOUSE_URL=… NATS_URL=… npm run migrate`.
 * Services never change a table; a stream they make only where the log lets them.
 */
import { resolve } from 'node:path';
import { applyMigrations, connectClickHouse, readMigrations, waitForClickHouse } from '@sp/clickhouse';
import { connectNats, makeLog } from '@sp/nats';

const patienceMs = 60_000;

async function migrateTables(): Promise<void> {
  const client = connectClickHouse(process.env['CLICKHOUSE_URL'] ?? 'http://127.0.0.1:8123');
  try {
    await waitForClickHouse(client, { timeoutMs: patienceMs });
    await applyMigrations(client, readMigrations(resolve(process.env['MIGRATIONS_FOLDER'] ?? 'deploy/clickhouse/migrations')), (line) => console.log(line));
  } finally {
    await client.close();
  }
}

async function makeStreams(url: string): Promise<void> {
  const connection = await connectNats(url, 'migrate');
  try {
    await makeLog(connection, Number(process.env['PARTITIONS'] ?? 4));
  } finally {
    await connection.close();
  }
}

try {
  await migrateTables();
  if (process.env['NATS_URL']) await makeStreams(process.env['NATS_URL']);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
