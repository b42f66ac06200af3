/** Real: nats-server, the embedded ClickHouse, its migrations (all from the build). Left out: the services, which have their own tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLine } from './start-line';
import type { Line } from './start-line';

let folder: string;
let line: Line;
const said: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sp-line-'));
  line = await startBoth();
});

afterEach(async () => {
  await line.stop();
  await rm(folder, { recursive: true, force: true });
});

function startBoth(): Promise<Line> {
  return startLine({ folder, clock: 'events', sync: 'default', services: [], onProgress: (sentence) => said.push(sentence) });
}

async function ask(sql: string): Promise<string> {
  const answer = await fetch(line.urls.clickhouse, { method: 'POST', body: sql });
  return (await answer.text()).trim();
}

describe('a line without its services', () => {
  it('has ClickHouse with its tables, and keeps what is in them over a stop and a start', async () => {
    const tables = await ask('SELECT count() FROM system.tables WHERE database = currentDatabase()');
    expect(Number(tables)).toBeGreaterThan(0);
    await ask('CREATE TABLE kept (n UInt8) ENGINE = MergeTree ORDER BY n');
    await ask('INSERT INTO kept VALUES (7)');
    await line.stop();
    line = await startBoth();
    expect(await ask('SELECT n FROM kept')).toBe('7');
  });

  it('starts a killed ClickHouse again, and says so', async () => {
    const clickhouse = line.processes.get('clickhouse');
    const pid = clickhouse?.pid ?? -1;
    process.kill(pid, 'SIGKILL');
    while ((await ask('SELECT 1').catch(() => '')) !== '1' || clickhouse?.pid === pid) await pause(50);
    expect(said.join('\n')).toMatch(/embedded-clickhouse ended by itself \(signal SIGKILL\); restart 1/);
  });

  it('refuses to go on in another clock', async () => {
    await expect(startLine({ folder, clock: 'wall', sync: 'default', services: [] })).rejects.toThrow(/clock "events"/);
  });
});
