/** Brings ClickHouse's schema up to date: `CLICKHOUSE_URL=… npm run migrate`. Services never do it at their start. */
import { resolve } from 'node:path';
import { applyMigrations, connectClickHouse, readMigrations, waitForClickHouse } from '@sp/clickhouse';

const url = process.env['CLICKHOUSE_URL'] ?? 'http://127.0.0.1:8123';
const folder = resolve(process.env['MIGRATIONS_FOLDER'] ?? 'deploy/clickhouse/migrations');
const client = connectClickHouse(url);

try {
  await waitForClickHouse(client, { timeoutMs: 60_000 });
  await applyMigrations(client, readMigrations(folder), (line) => console.log(line));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await client.close();
}
