/** Real: the built embedded ClickHouse and the project's own migrations. Nothing is faked. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessHandle } from '@sp/testing';
import { builtFile, freePort, startProcess } from '@sp/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ClickHouseClient, OfferRow, OutcomeRow, SinkFlush, TransactionRow } from './index';
import {
  applyMigrations, ChangedMigrationError, connectClickHouse, decisions, erasedTables, eventCounts, highestPosition, lastFlush, offers, outcomes, readMigrations, readRedemptionExamples, readRows, readTrainingSetCard,
  recordFlush, reversals, SinkBuffer, transactions,
} from './index';

const MIGRATIONS = 'deploy/clickhouse/migrations';
const folder = mkdtempSync(join(tmpdir(), 'clickhouse-schema-'));
let service: ProcessHandle;
let url: string;
let client: ClickHouseClient;

beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const env = { EMBEDDED_CLICKHOUSE_PORT: String(port), EMBEDDED_CLICKHOUSE_FOLDER: join(folder, 'data') };
  const entry = builtFile('apps/embedded-clickhouse.js');
  service = await startProcess({ name: 'embedded-clickhouse', command: process.execPath, args: [entry], env, readyUrl: `${url}/ping` });
  client = connectClickHouse(url);
  await applyMigrations(client, readMigrations(MIGRATIONS), () => undefined);
});
afterAll(async () => {
  await client.close();
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  for (const table of ['transactions', 'offers', 'event_counts', 'sink_flushes', 'spend_by_client_day', 'offers_by_minute', 'events_by_minute']) {
    await client.command({ query: `TRUNCATE TABLE ${table}` });
  }
});

let lastToken = 0;
const newToken = (): string => `test:0:${lastToken++}`;

function aTransaction(over: Partial<TransactionRow> = {}): TransactionRow {
  return {
    partition: 0, linePosition: 1, ordinal: 0, transactionId: 't1', clientId: 'c1', time: Date.UTC(2024, 0, 2, 23, 59, 59, 123), kind: 'purchase',
    merchantId: 'm1', mcc: 5411, amountMinor: 1_000, currency: 'EUR', channel: 'online', reversed: reversals.none, ...over,
  };
}

const anOffer = (over: Partial<OfferRow> = {}): OfferRow => ({
  partition: 0, linePosition: 1, ordinal: 0, offerId: 'o1', decisionId: 'd1', clientId: 'c1', merchantId: 'm1', campaignId: 'k1', scenario: 'timer', arm: 'model',
  time: Date.UTC(2024, 0, 2, 3, 4, 5), validUntil: Date.UTC(2024, 0, 9), discountPercent: 12.5, validityDays: 7, minimumCheckMinor: 0, ghost: false, propensity: 0.25, ...over,
});

const aDecision = {
  partition: 1, linePosition: 3, ordinal: 0, decisionId: 'd1', clientId: 'c1', time: 1_700_000_000_000, scenario: 'event', trigger: 'transaction.authorised', arm: 'model', experimentArm: 'model',
  experimentId: 'e1', epoch: 1, salt: 's', outcome: 'offer', reason: '', merchantId: 'm1', campaignId: 'k1', discountPercent: 10, validityDays: 7, minimumCheckMinor: 500,
  offerId: 'o1', propensity: 0.9, exploration: true, score: 0.5, valueMinor: 12.5, modelVersion: 'v1', features: [1, -0.5, 1e10], record: '{}',
};

const spend = () => readRows(client, 'SELECT client_id, toString(day) AS day, sum(amount_minor) AS spent, sum(transactions) AS purchases FROM spend_by_client_day GROUP BY client_id, day ORDER BY client_id, day');

test('the command applies each migration once, says so, and resumes', () => {
  const run = () => execFileSync(process.execPath, [builtFile('tools/migrate.js')], { env: { ...process.env, CLICKHOUSE_URL: url } }).toString().trim();
  expect(run().split('\n')).toContain('0001-facts: already applied');
});

test('a changed migration is refused before anything of it runs', async () => {
  const changed = join(folder, 'changed');
  cpSync(MIGRATIONS, changed, { recursive: true });
  writeFileSync(join(changed, '0001-facts.sql'), `${readFileSync(join(changed, '0001-facts.sql'), 'utf8')}\nDROP TABLE transactions;\n`);
  await expect(applyMigrations(client, readMigrations(changed), () => undefined)).rejects.toThrow(ChangedMigrationError);
  expect(await readRows(client, 'SELECT count() AS n FROM transactions')).toEqual([{ n: 0 }]);
});

test('an interrupted migration is run again from its start', async () => {
  const broken = { number: 9_000, name: 'two-steps', checksum: 'x', statements: ['CREATE TABLE IF NOT EXISTS first_step (a UInt8) ENGINE = Memory', 'CREATE NONSENSE'] };
  await expect(applyMigrations(client, [broken], () => undefined)).rejects.toThrow('9000-two-steps, statement 2');
  const lines: string[] = [];
  await applyMigrations(client, [{ ...broken, statements: [broken.statements[0] ?? '', 'SELECT 1'] }], (line) => lines.push(line));
  expect(lines[0]).toMatch(/^9000-two-steps: applied/);
});

test('a row comes back as it was, to the millisecond', async () => {
  await transactions.insert(client, [aTransaction(), aTransaction({ time: 5, transactionId: 't2' })], { token: newToken() });
  const rows = await readRows(client, 'SELECT *, toUnixTimestamp64Milli(time) AS ms FROM transactions ORDER BY ms');
  expect(rows).toMatchObject([{ ms: 5 }, { ms: Date.UTC(2024, 0, 2, 23, 59, 59, 123), transaction_id: 't1', line_position: 1, mcc: 5411, amount_minor: 1000, reversed: 0 }]);
});

test('a decision keeps its vector and its whole record', async () => {
  const record = JSON.stringify({ note: 'line\n"quoted" \\ ü' });
  const row = { ...aDecision, record };
  await decisions.insert(client, [row], { token: newToken() });
  expect(await readRows(client, "SELECT exploration, features, record FROM decisions WHERE decision_id = 'd1'")).toEqual([{ exploration: 1, features: [1, -0.5, 1e10], record }]);
});

test('the highest position is of its own partition, and absent where nothing is stored', async () => {
  await transactions.insert(client, [aTransaction({ partition: 1, linePosition: 7 }), aTransaction({ partition: 1, linePosition: 5 }), aTransaction({ partition: 2, linePosition: 0 })], { token: newToken() });
  expect(await Promise.all([0, 1, 2].map((partition) => highestPosition(client, transactions, partition)))).toEqual([undefined, 7, 0]);
});

test('spend by client and day counts purchases, subtracts reversals, and a retried block changes nothing', async () => {
  const rows = [
    aTransaction(), aTransaction({ transactionId: 't2', amountMinor: 500 }), aTransaction({ kind: 'cash', amountMinor: 9_999 }),
    aTransaction({ clientId: 'c2', amountMinor: 700 }),
  ];
  const token = newToken();
  for (let i = 0; i < 3; i++) await transactions.insert(client, rows, { token });
  const reversed = [
    aTransaction({ transactionId: 't2', amountMinor: 500, reversed: reversals.whole }),
    aTransaction({ clientId: 'c2', amountMinor: 200, reversed: reversals.part }),
  ];
  await transactions.insert(client, reversed, { token: newToken() });
  await client.command({ query: 'OPTIMIZE TABLE spend_by_client_day FINAL' });
  expect(await spend()).toEqual([
    { client_id: 'c1', day: '2024-01-02', spent: 1_000, purchases: 1 },
    { client_id: 'c2', day: '2024-01-02', spent: 500, purchases: 1 },
  ]);
});

test('offers and events are counted by the minute', async () => {
  const token = newToken();
  for (let i = 0; i < 2; i++) await offers.insert(client, [anOffer(), anOffer({ offerId: 'o2' }), anOffer({ offerId: 'o3', ghost: true })], { token });
  const minute = Date.UTC(2024, 0, 2, 3, 4);
  await eventCounts.insert(client, [{ partition: 0, linePosition: 1, ordinal: 0, minute, type: 'client.acted', count: 3 }], { token: newToken() });
  await eventCounts.insert(client, [{ partition: 1, linePosition: 1, ordinal: 0, minute, type: 'client.acted', count: 4 }], { token: newToken() });
  expect(await readRows(client, 'SELECT toUnixTimestamp(minute) * 1000 AS minute, ghost, sum(count) AS n FROM offers_by_minute GROUP BY minute, ghost ORDER BY ghost'))
    .toEqual([{ minute, ghost: 0, n: 2 }, { minute, ghost: 1, n: 1 }]);
  expect(await readRows(client, 'SELECT type, sum(count) AS n FROM events_by_minute GROUP BY type')).toEqual([{ type: 'client.acted', n: 7 }]);
});

test('a flush that a crash left half done is repeated in its own range and counts once', async () => {
  const frames = [1, 2, 3, 4].map((linePosition) => ({ linePosition, rows: [{ table: 'transactions', row: aTransaction({ linePosition, transactionId: `t${linePosition}` }) }] }));
  const store = async (flush: SinkFlush<TransactionRow> | undefined) => {
    for (const block of flush?.blocks ?? []) await transactions.insert(client, block.rows, { token: flush?.token ?? '' });
  };
  const fill = (buffer: SinkBuffer<TransactionRow>, last: number) => {
    for (const { linePosition, rows } of frames) if (linePosition <= last && !buffer.isDue) buffer.add(linePosition, rows);
    return buffer.take();
  };
  const before = fill(new SinkBuffer<TransactionRow>({ sink: 'resumed', partition: 0, maxRows: 3 }), 3);
  await recordFlush(client, 'resumed', 0, { from: 1, to: 3 });
  await store(before);
  const stored = new Map([['transactions', (await highestPosition(client, transactions, 0)) ?? -1]]);
  const after = new SinkBuffer<TransactionRow>({ sink: 'resumed', partition: 0, maxRows: 1, stored, unfinished: await lastFlush(client, 'resumed', 0) });
  const repeated = fill(after, 4);
  expect(repeated).toEqual(before);
  await store(repeated);
  after.add(4, frames[3]?.rows ?? []);
  await store(after.take());
  expect(await spend()).toMatchObject([{ spent: 4_000, purchases: 4 }]);
});

test('an offer whose time is not over teaches nothing, and of an amended outcome the last word counts', async () => {
  const dayMs = 86_400_000;
  const anOutcome = (offerId: string, issuedDay: number, closedDay: number, redeemed: boolean): OutcomeRow => ({
    partition: 0, linePosition: 1, ordinal: 0, offerId, decisionId: offerId, clientId: 'c1', merchantId: 'm1', campaignId: 'k1', scenario: 'timer', arm: 'random', ghost: false,
    issuedAt: issuedDay * dayMs, closedAt: closedDay * dayMs, viewed: false, accepted: false, declined: false, redeemed, refused: false,
    spendMinor: 0, discountMinor: 0, transactionId: '', labelSource: redeemed ? 'transaction' : 'expiry', propensity: 1, features: [issuedDay], revision: 0, knownAt: (issuedDay + 10) * dayMs, reversedMinor: 0, purchases: 0, windowSpendMinor: 0,
    objective: 'spend', rewardMinor: 0, marginMinor: 0, frequencyMinor: 0, averageCheckMinor: 0, newMerchantMinor: 0,
  });
  await client.command({ query: 'TRUNCATE TABLE outcomes' });
  await outcomes.insert(client, [anOutcome('slowest', 1, 11, false), anOutcome('quick', 2, 3, true), anOutcome('young', 15, 16, true), anOutcome('old', 10, 20, false)], { token: newToken() });
  await outcomes.insert(client, [{ ...anOutcome('quick', 2, 9, false), revision: 1, labelSource: 'reversal' }], { token: newToken() });
  expect((await readRedemptionExamples(client)).map(({ features, redeemed }) => [features[0], redeemed])).toEqual([[1, false], [2, false], [10, false]]);
  await client.command({ query: 'TRUNCATE TABLE decisions' });
  const decided = (offerId: string, arm = 'random', outcome = 'offer') => ({ ...aDecision, decisionId: offerId, offerId, arm, outcome });
  const made = ['slowest', 'quick', 'young', 'old', 'no-outcome'].map((offerId) => decided(offerId));
  await decisions.insert(client, [...made, decided('old'), decided('by-model', 'model'), decided('unmade', 'holdout', 'ghost'), decided('', 'random', 'none')], { token: newToken() });
  expect(await readTrainingSetCard(client)).toEqual({ examples: 3, redeemed: 0, takenBack: 1, leftOut: { 'ghost': 1, 'chosen-by-policy': 1, 'time-not-over': 2, 'repeated': 1 } });
});

test('every table that names a client is on the list of those that forget him', async () => {
  const named = await readRows<{ table: string }>(client, "SELECT DISTINCT table FROM system.columns WHERE database = currentDatabase() AND name IN ('client_id', 'subject') AND table IN (SELECT name FROM system.tables WHERE engine LIKE '%MergeTree') ORDER BY table", {});
  // Dead letters go by their own retention; they hold masked payloads.
  expect(named.map(({ table }) => table).filter((table) => table !== 'dead_letters')).toEqual(erasedTables.map(({ table }) => table).sort());
});
