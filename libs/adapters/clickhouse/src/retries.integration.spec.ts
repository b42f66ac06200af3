/** Real: the built embedded ClickHouse and the project's own migrations. Made up: the rows, by the types of the columns. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessHandle } from '@sp/testing';
import { builtFile, freePort, startProcess } from '@sp/testing';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import * as door from './index';
import { applyMigrations, connectClickHouse, readMigrations, readRows, recordFlush, type ClickHouseClient, type LinePlace, type Table } from './index';

const folder = mkdtempSync(join(tmpdir(), 'clickhouse-retries-'));
let service: ProcessHandle;
let client: ClickHouseClient;

beforeAll(async () => {
  const port = await freePort();
  const env = { EMBEDDED_CLICKHOUSE_PORT: String(port), EMBEDDED_CLICKHOUSE_FOLDER: join(folder, 'data') };
  service = await startProcess({ name: 'embedded-clickhouse', command: process.execPath, args: [builtFile('apps/embedded-clickhouse.js')], env, readyUrl: `http://127.0.0.1:${port}/ping` });
  client = connectClickHouse(`http://127.0.0.1:${port}`);
  await applyMigrations(client, readMigrations('deploy/clickhouse/migrations'), () => undefined);
});
afterAll(async () => {
  await client?.close();
  await service?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Every table that the program inserts into, however many there come to be. */
const tables = Object.values(door).filter((one): one is Table<LinePlace> => typeof one === 'object' && 'insert' in one && 'name' in one);

async function rowsFor(table: string, from: number): Promise<LinePlace[]> {
  const columns = await readRows<{ name: string; type: string }>(client, `SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {table:String} AND default_kind = ''`, { table });
  return [0, 1, 2].map((row) => Object.fromEntries(columns.map(({ name, type }) => [name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), valueOf(name, type, from + row)])) as unknown as LinePlace);
}

function valueOf(name: string, type: string, number: number): unknown {
  if (name === 'kind') return 'purchase';
  if (name === 'reversed') return 0;
  if (type.startsWith('Date')) return Date.UTC(2026, 0, 5, 12, 0, number);
  if (type.startsWith('Array')) return type.includes('String') ? [`a-${number}`] : [number, 0.5];
  return type.includes('String') ? `v-${number}` : number;
}

/** All that is stored anywhere, the sums of the views merged. */
async function everything(): Promise<Record<string, unknown>> {
  const all = await readRows<{ name: string; engine: string }>(client, `SELECT name, engine FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND name != 'schema_migrations' ORDER BY name`);
  const contents = [];
  for (const { name, engine } of all) contents.push([name, await readRows(client, `SELECT * FROM ${name} ${engine === 'MergeTree' ? '' : 'FINAL'} ORDER BY ALL`)]);
  return Object.fromEntries(contents) as Record<string, unknown>;
}

describe('a block that is inserted three times', () => {
  it.each(tables.map((table) => [table.name, table] as const))('of %s counts once, in the table and in every view behind it', async (name, table) => {
    const blocks = await Promise.all([1, 10].map(async (from) => ({ rows: await rowsFor(name, from), token: `${name}:0:${from}` })));
    const empty = await everything();
    for (const { rows, token } of blocks) await table.insert(client, rows, { token });
    const once = await everything();
    expect(once).not.toEqual(empty);
    expect(once[name]).toHaveLength((empty[name] as unknown[]).length + 6);
    for (let again = 0; again < 2; again++) for (const { rows, token } of blocks) await table.insert(client, rows, { token });
    expect(await everything()).toEqual(once);
    // Were it not for the token, it would count again: the test can fail.
    await table.insert(client, blocks[0]!.rows, { token: `${name}:0:other` });
    expect(await everything()).not.toEqual(once);
  });

  it('of the sinks’ own book counts once', async () => {
    for (let again = 0; again < 3; again++) await recordFlush(client, 'a-sink', 3, { from: 5, to: 9 });
    expect(await readRows(client, `SELECT count() AS n FROM sink_flushes WHERE sink = 'a-sink'`)).toEqual([{ n: 1 }]);
  });
});

test('each of these tables says the reason of its engine and its order, and how long its rows are kept', async () => {
  const rows = await readRows<{ name: string; comment: string; definition: string }>(client, `SELECT name, comment, create_table_query AS definition FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'`);
  const own = rows.filter(({ name }) => /^(transactions|assignments|decisions|offers|outcomes|responses|dead_letters|event_counts|corrections|sink_flushes|spend_by_client_day|.*_by_minute|feature_.*)$/.test(name));
  expect(own.length).toBeGreaterThan(13);
  for (const { name, comment } of own) expect(comment, name).toMatch(/^engine: .+ order: .+ kept: .+/);
  for (const { name, comment, definition } of own) expect([name, definition.includes(' TTL ')]).toEqual([name, !comment.includes('kept: always')]);
});
