import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acceptEvent } from '@sp/contracts';
import { builtFile, runToEnd } from '@sp/testing';
import type { PurchaseRow, Purchases } from './purchases';

/** Central European winter: the measured weeks lie before the clocks change. */
const aheadMs = 3_600_000;

/** What the simulated bank says at a door that takes everything and makes no offers. */
export async function simulatedPurchases({ clients, days, seed, world }: { readonly clients: string; readonly days: string; readonly seed: string; readonly world: string }): Promise<Purchases> {
  const rows = new Map<string, PurchaseRow>();
  const server = createServer(async (request, response) => {
    const events = await bodyOf(request);
    for (const event of events) take(event, rows);
    response.writeHead(202).end(JSON.stringify({ accepted: events.length, duplicates: 0, rejected: 0, items: [] }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const folder = await mkdtemp(join(tmpdir(), 'sp-realism-'));
  const env = {
    INGEST_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, NATS_URL: 'nats://127.0.0.1:1', SIMULATOR_STATE_FOLDER: folder, SIMULATOR_CLIENTS: clients, SIMULATOR_DAYS: days,
    SIMULATOR_SEED: seed, SIMULATOR_WORLD: world, SIMULATOR_TROUBLES: 'none', SIMULATOR_HOURS_PER_SECOND: '0', SIMULATOR_PARTITIONS: '0',
  };
  try {
    await runToEnd({ name: 'simulated bank', command: process.execPath, args: [builtFile('apps/bank-simulator.js')], env });
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
  return { name: 'simulated', calendar: true, manyMerchants: true, rows: [...rows.values()].sort((a, b) => a.timeMs - b.timeMs) };
}

async function bodyOf(request: IncomingMessage): Promise<unknown[]> {
  return JSON.parse(Buffer.concat((await request.toArray()) as Buffer[]).toString()) as unknown[];
}

function take(value: unknown, rows: Map<string, PurchaseRow>): void {
  const read = acceptEvent(value);
  if (!read.ok || read.event.type !== 'transaction.authorised') return;
  const { kind, merchantId, amountMinor } = read.event.data;
  if (kind !== 'purchase' || merchantId === undefined) return;
  rows.set(read.event.id, { client: read.event.subject, timeMs: read.event.timeMs + aheadMs, amount: amountMinor / 100, merchant: merchantId, kinds: [merchantId] });
}
