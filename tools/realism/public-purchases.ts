import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { PurchaseRow, Purchases } from './purchases';

const hourMs = 3_600_000;

function csv(folder: string, names: RegExp): Record<string, string>[] {
  const files = readdirSync(folder).filter((file) => names.test(file)).sort();
  return files.flatMap((file) => parse(gunzipSync(readFileSync(join(folder, file))), { columns: true, relax_quotes: true, relax_column_count: true, skip_empty_lines: true }) as Record<string, string>[]);
}

/** Invoices of one shop: an invoice is a purchase; cancellations and rows without a client are left out. */
export function onlineRetailPurchases(folder: string): Purchases {
  const invoices = new Map<string, { client: string; timeMs: number; amount: number; kinds: Set<string> }>();
  for (const row of csv(folder, /\.csv\.gz$/)) {
    const [client, value] = [row['CustomerID'] ?? '', Number(row['Quantity']) * Number(row['UnitPrice'])];
    if (client === '' || row['InvoiceNo']?.startsWith('C') || !(value > 0)) continue;
    const invoice = invoices.get(row['InvoiceNo'] ?? '') ?? { client, timeMs: Date.parse(`${row['InvoiceDate']?.replace(' ', 'T')}Z`), amount: 0, kinds: new Set<string>() };
    invoice.amount += value;
    invoice.kinds.add(row['StockCode'] ?? '');
    invoices.set(row['InvoiceNo'] ?? '', invoice);
  }
  return { name: 'online-retail', calendar: true, manyMerchants: false, rows: inOrder([...invoices.values()].map(({ kinds, ...invoice }) => ({ ...invoice, merchant: 'the shop', kinds: [...kinds] }))) };
}

/** Card payments at points of sale. Times are UTC, the clients live in Australia's east for the most part. */
export function anzPurchases(folder: string): Purchases {
  const rows = csv(folder, /transactions.*\.csv\.gz$/).filter((row) => /POS$/.test(row['txn_description'] ?? '') && row['merchant_id']);
  return {
    name: 'anz', calendar: true, manyMerchants: true,
    rows: inOrder(rows.map((row) => ({ client: row['customer_id'] ?? '', timeMs: Date.parse(row['extraction'] ?? '') + 10 * hourMs, amount: Number(row['amount']), merchant: row['merchant_id'] ?? '', kinds: [row['merchant_id'] ?? ''] }))),
  };
}

/** Purchases at one chain; hours since the start of the test, not a calendar's. */
export function starbucksPurchases(folder: string): Purchases {
  const rows = csv(folder, /^events.*\.csv\.gz$/).filter(({ event }) => event === 'T');
  return { name: 'starbucks', calendar: false, manyMerchants: false, rows: inOrder(rows.map((row) => ({ client: row['client'] ?? '', timeMs: Number(row['t']) * hourMs, amount: Number(row['amount']), merchant: 'the chain' }))) };
}

function inOrder(rows: readonly PurchaseRow[]): PurchaseRow[] {
  return rows.filter(({ timeMs, amount }) => Number.isFinite(timeMs) && amount > 0).sort((a, b) => a.timeMs - b.timeMs);
}
