/**
 * `npm run doctor`: is this machine fit, and are the running servers set as the line needs them?
 * It looks at NATS_URL and CLICKHOUSE_URL (the fixed ports by default) and changes nothing.
 */
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { connect } from 'nats';
import type { StreamInfo } from 'nats';
import { LINE_SERVICES, Refusal, findNatsServer, findXgboost, fixedPort, installedChromium, isPortFree, repositoryFolder, runToEnd } from '@sp/testing';

/** `bad` ends with exit code 1, `note` does not. */
interface Finding {
  readonly verdict: 'ok' | 'note' | 'bad';
  readonly about: string;
  readonly text: string;
}

const ROOT = repositoryFolder();
const CACHE = join(ROOT, '.cache');
const NATS_URL = process.env.NATS_URL ?? `nats://127.0.0.1:${fixedPort('nats')}`;
const CLICKHOUSE_URL = process.env.CLICKHOUSE_URL ?? `http://127.0.0.1:${fixedPort('clickhouse')}`;

async function main(): Promise<void> {
  const checks = [machine, disk, natsProgram, libraries, ports, natsStreams, clickhouseTables];
  const findings = (await Promise.all(checks.map((check) => check().catch(failed(check.name))))).flat();
  for (const { verdict, about, text } of findings) process.stdout.write(`${verdict.padEnd(6)}${about.padEnd(16)}${text}\n`);
  process.exitCode = findings.some(({ verdict }) => verdict === 'bad') ? 1 : 0;
}

const failed = (about: string) => (error: unknown): Finding[] => [{ verdict: 'bad', about, text: error instanceof Refusal ? error.message : String(error) }];

async function machine(): Promise<Finding[]> {
  return [{ verdict: 'ok', about: 'node', text: `${process.versions.node} on ${process.platform} ${process.arch}` }];
}

async function disk(): Promise<Finding[]> {
  const { bavail, bsize } = await statfs(ROOT);
  const freeGigabytes = (bavail * bsize) / 1e9;
  const text = `${freeGigabytes.toFixed(1)} GB are free at ${ROOT}`;
  return [freeGigabytes > 5 ? { verdict: 'ok', about: 'disk', text } : { verdict: 'note', about: 'disk', text: `${text}: free some, a day of logs may want 5 GB` }];
}

async function natsProgram(): Promise<Finding[]> {
  const file = await findNatsServer(CACHE);
  const version = await runToEnd({ name: 'nats-server', command: file, args: ['--version'] });
  return [{ verdict: 'ok', about: 'nats-server', text: `${version.replace(/^nats-server: /, '')} at ${file}` }];
}

async function libraries(): Promise<Finding[]> {
  let why = '';
  const xgboost = await findXgboost(CACHE, (line) => (why = line));
  const chromium = await installedChromium();
  return [
    xgboost ? { verdict: 'ok', about: 'xgboost', text: xgboost.xgboost } : { verdict: 'note', about: 'xgboost', text: why },
    { verdict: chromium ? 'ok' : 'note', about: 'chromium', text: chromium ?? 'is not here: the browser tests need it' },
  ];
}

async function ports(): Promise<Finding[]> {
  const parts = ['nats', 'clickhouse', ...LINE_SERVICES] as const;
  const taken = await Promise.all(parts.map(async (part) => ((await isPortFree(fixedPort(part))) ? [] : [`${fixedPort(part)} (${part})`])));
  const names = taken.flat().join(', ');
  return [{ verdict: names ? 'note' : 'ok', about: 'ports', text: names ? `${names} are taken: by a running line, or "npm start" will refuse` : 'all are free' }];
}

async function natsStreams(): Promise<Finding[]> {
  const connection = await connect({ servers: NATS_URL, reconnect: false, timeout: 2_000 }).catch(() => undefined);
  if (!connection) return [{ verdict: 'note', about: 'nats', text: `nothing answers at ${NATS_URL}` }];
  try {
    const streams = await (await connection.jetstreamManager()).streams.list().next();
    const wrong = streams.flatMap(faultsOf);
    return wrong.length > 0 ? wrong : [{ verdict: 'ok', about: 'nats', text: `${streams.length} streams at ${NATS_URL} refuse what is too much and drop nothing` }];
  } finally {
    await connection.close();
  }
}

/** Streams of NATS's own stores (KV_, OBJ_) have their own rules. */
function faultsOf({ config }: StreamInfo): Finding[] {
  if (/^(KV|OBJ)_/.test(config.name)) return [];
  const faults = [
    config.discard === 'new' ? '' : 'discards old messages when it is full: set discard to "new"',
    config.max_bytes > 0 || config.max_age > 0 ? '' : 'has no bound: set max_bytes and max_age',
    config.storage === 'file' ? '' : 'lives in memory: set storage to "file"',
  ];
  return faults.filter(Boolean).map((fault) => ({ verdict: 'bad', about: 'nats', text: `stream ${config.name} ${fault}` }));
}

/** A table without the window counts a retried block twice. */
async function clickhouseTables(): Promise<Finding[]> {
  const client = createClient({ url: CLICKHOUSE_URL, request_timeout: 5_000, log: { level: ClickHouseLogLevel.OFF } });
  try {
    if (!(await client.ping()).success) return [{ verdict: 'note', about: 'clickhouse', text: `nothing answers at ${CLICKHOUSE_URL}` }];
    const query = `SELECT name, create_table_query LIKE '%deduplication_window%' AS windowed FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'`;
    const tables = await (await client.query({ query, format: 'JSONEachRow' })).json<{ name: string; windowed: number }>();
    const without = tables.filter(({ windowed }) => !windowed).map(({ name }) => name);
    if (without.length === 0) return [{ verdict: 'ok', about: 'clickhouse', text: `${tables.length} tables at ${CLICKHOUSE_URL} count a retried block once` }];
    return [{ verdict: 'note', about: 'clickhouse', text: `no deduplication window on ${without.join(', ')}: a retried block counts twice there` }];
  } finally {
    await client.close();
  }
}

void main();
