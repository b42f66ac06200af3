import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '@sp/testing';
import { InvoiceBook, type Invoice } from './invoice-book';
import type { Mapping, ReplayInput } from '../mapping';
import { rejected, type OutgoingEvent, type Produced } from '../produced';
import { readTable, type TableRow } from '../table';
import { timeReader } from '../time-format';

const columns = ['InvoiceNo', 'StockCode', 'Description', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID', 'Country'];
/** The shop's clock and, since the file names countries only, every client's too. */
const timeZone = 'Europe/London';
const source = 'online-retail';
const shop = 'gift-shop';
/** ISO 18245: card, gift, novelty and souvenir shops. */
const giftShops = 5947;
const dayMs = 86_400_000;
const readTime = timeReader('yyyy-MM-dd HH:mm:ss', timeZone);

/** The UCI Online Retail set: lines of invoices become one payment an invoice, and cancellations its reversals. */
export const onlineRetail: Mapping = { name: 'online-retail', provenance: 'real purchases (UCI Online Retail)', produce };

async function* produce(input: ReplayInput): AsyncGenerator<Produced> {
  const book = new InvoiceBook();
  const clients = new Set<string>();
  const isOpened = { shop: false };
  for await (const row of readTable(monthlyFiles(input.path), { tally: input.tally, rowLimit: input.lineLimit, format: 'csv', requiredColumns: columns })) {
    if (row.kind !== 'row') {
      yield row;
      continue;
    }
    const time = readTime(row.cell('InvoiceDate'));
    if (!time.ok) yield rejected('InvoiceDate: not a time', row);
    else {
      for (const invoice of book.closedBefore(time.value)) yield* told(invoice, book, clients, isOpened);
      yield* entered(book, row, time.value);
    }
  }
  for (const invoice of book.closedBefore(Infinity)) yield* told(invoice, book, clients, isOpened);
}

function* entered(book: InvoiceBook, row: TableRow, timeMs: number): Generator<Produced> {
  const refusal = book.enter(row, timeMs);
  if (refusal) yield rejected(refusal, row);
}

function* told(invoice: Invoice, book: InvoiceBook, clients: Set<string>, isOpened: { shop: boolean }): Generator<Produced> {
  if (!isOpened.shop) yield* shopAndCampaigns(invoice.timeMs);
  isOpened.shop = true;
  const settled = invoice.isCancellation ? reversals(invoice, book) : payment(invoice, book);
  for (const one of settled) {
    if (one.kind === 'event' && !clients.has(invoice.client)) {
      clients.add(invoice.client);
      yield { kind: 'event', event: registration(invoice), lines: 0 };
    }
    yield one;
  }
}

function* payment(invoice: Invoice, book: InvoiceBook): Generator<Produced> {
  const amountMinor = invoice.lines.reduce((sum, line) => sum + line.amountMinor, 0);
  if (amountMinor <= 0) {
    for (const { origin, lines } of invoice.lines) yield rejected('invoice comes to nothing', { origin, lines });
    return;
  }
  book.keep(invoice);
  const data = { transactionId: invoice.number, kind: 'purchase', merchantId: shop, mcc: giftShops, amountMinor, currency: 'GBP', channel: 'online' };
  const event = clientEvent(invoice, 'transaction.authorised', `invoice-${invoice.number}`, data);
  yield { kind: 'event', event, lines: linesOf(invoice.lines), origin: invoice.lines[0]?.origin };
}

/** One reversal for each invoice that the cancellation's lines give goods back of. */
function* reversals(cancellation: Invoice, book: InvoiceBook): Generator<Produced> {
  const byOriginal = new Map<string, Invoice['lines'][number][]>();
  for (const line of cancellation.lines) {
    const original = book.giveBack(cancellation.client, line);
    if (original === undefined) yield rejected('cancellation without an original', line);
    else byOriginal.set(original, [...(byOriginal.get(original) ?? []), line]);
  }
  for (const [transactionId, lines] of byOriginal) {
    const amountMinor = -lines.reduce((sum, line) => sum + line.amountMinor, 0);
    const event = clientEvent(cancellation, 'transaction.reversed', `invoice-${cancellation.number}-of-${transactionId}`, { transactionId, amountMinor });
    yield { kind: 'event', event, lines: linesOf(lines), origin: lines[0]?.origin };
  }
}

/** At first sight; the id names the invoice, since a run on other months sees the client first elsewhere. */
function registration(invoice: Invoice): OutgoingEvent {
  const data = { timeZone, consents: { offers: true, geo: false }, attributes: { country: invoice.country } };
  return clientEvent(invoice, 'client.registered', `client-${invoice.client}-at-${invoice.number}`, data);
}

function clientEvent(invoice: Invoice, type: OutgoingEvent['type'], id: string, data: OutgoingEvent['data']): OutgoingEvent {
  return { type, id, source, subject: invoice.client, timeMs: invoice.timeMs, data };
}

function linesOf(lines: Invoice['lines']): number {
  return lines.reduce((sum, line) => sum + line.lines, 0);
}

/** The mapping's own: the set knows no offers. 40 % is a guess at a gift shop's margin, the grids are a spread to choose from. */
const campaigns = [
  { campaignId: 'gift-shop-spend', objective: 'spend', discounts: [5, 10, 15], minimumCheckMinor: 15_000 },
  { campaignId: 'gift-shop-frequency', objective: 'frequency', discounts: [5, 10], minimumCheckMinor: 10_000 },
  { campaignId: 'gift-shop-average-check', objective: 'average-check', discounts: [8, 12, 16], minimumCheckMinor: 40_000 },
] as const;

function* shopAndCampaigns(firstEventMs: number): Generator<Produced> {
  const timeMs = Math.floor(firstEventMs / dayMs) * dayMs;
  const day = new Date(timeMs).toISOString().slice(0, 10);
  const merchant = { merchantId: shop, name: 'Online gift shop', mcc: giftShops, online: true, partner: true };
  yield { kind: 'event', event: { type: 'merchant.registered', id: `${shop}-${day}`, source, subject: shop, timeMs, data: merchant }, lines: 0 };
  for (const { campaignId, objective, discounts, minimumCheckMinor } of campaigns) {
    const terms = discounts.flatMap((discountPercent) => [7, 21].map((validityDays) => ({ discountPercent, validityDays, minimumCheckMinor, maximumDiscountMinor: 10_000 })));
    const span = { startsAt: new Date(timeMs).toISOString(), endsAt: new Date(timeMs + 400 * dayMs).toISOString() };
    const data = { campaignId, merchantId: shop, objective, ...span, budgetMinor: 5_000_000, currency: 'GBP', marginPercent: 40, terms };
    yield { kind: 'event', event: { type: 'campaign.published', id: `${campaignId}-${day}`, source, subject: campaignId, timeMs, data }, lines: 0 };
  }
}

function monthlyFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const files = readdirSync(path).filter((file) => /^\d{4}-\d\d\.csv(\.gz)?$/.test(file)).sort();
  if (files.length === 0) throw new Refusal(`${path} holds no monthly file such as 2010-12.csv.gz.`);
  return files.map((file) => join(path, file));
}
