import { minorUnitsOf } from '../money';
import type { Origin } from '../produced';
import type { TableRow } from '../table';

export interface InvoiceLine {
  readonly origin: Origin;
  readonly lines: number;
  readonly stockCode: string;
  readonly unitPrice: string;
  /** Negative on a cancellation. */
  readonly quantity: number;
  readonly amountMinor: number;
}

export interface Invoice {
  readonly number: string;
  readonly client: string;
  readonly country: string;
  readonly timeMs: number;
  readonly isCancellation: boolean;
  readonly lines: readonly InvoiceLine[];
}

type OpenInvoice = Invoice & { readonly lines: InvoiceLine[] };

/** Goods of one line that may still be given back. */
interface Bought {
  readonly invoice: string;
  left: number;
}

/** Lines of an invoice are a minute apart at most, and another invoice may stand between them. */
const openMs = 5 * 60_000;

/** Puts lines together to invoices, and remembers what was bought, so that a cancellation finds its original. */
export class InvoiceBook {
  /** In the order of their first lines, which is that of time. */
  private readonly open = new Map<string, OpenInvoice>();
  private readonly closed = new Set<string>();
  private readonly bought = new Map<string, Bought[]>();

  /** Enters one line; answers why it cannot be. */
  enter(row: TableRow, timeMs: number): string | undefined {
    const number = row.cell('InvoiceNo');
    const client = row.cell('CustomerID').replace(/\.0$/, '');
    if (client === '') return 'no client';
    if (!/^C?\d{1,12}$/.test(number)) return 'InvoiceNo: neither an invoice nor a cancellation';
    if (this.closed.has(number)) return 'line of an invoice that is closed';
    const line = invoiceLine(row, number.startsWith('C'));
    if (typeof line === 'string') return line;
    const invoice = this.open.get(number) ?? { number, client, country: row.cell('Country'), timeMs, isCancellation: number.startsWith('C'), lines: [] };
    if (invoice.client !== client) return 'another client on the same invoice';
    invoice.lines.push(line);
    this.open.set(number, invoice);
    return undefined;
  }

  /** Takes out the invoices that no line at this time can belong to any more. */
  closedBefore(timeMs: number): Invoice[] {
    const done: Invoice[] = [];
    for (const invoice of this.open.values()) {
      if (invoice.timeMs + openMs >= timeMs) break;
      done.push(invoice);
      this.open.delete(invoice.number);
      this.closed.add(invoice.number);
    }
    return done;
  }

  /** Remembers the goods of a paid invoice. */
  keep(invoice: Invoice): void {
    for (const line of invoice.lines) {
      const key = goods(invoice.client, line);
      const bought = this.bought.get(key) ?? [];
      bought.push({ invoice: invoice.number, left: line.quantity });
      this.bought.set(key, bought);
    }
  }

  /** The set links no cancellation to an invoice: the client's latest one with as much of the same goods at the same price is meant. */
  giveBack(client: string, line: InvoiceLine): string | undefined {
    const original = this.bought.get(goods(client, line))?.findLast(({ left }) => left >= -line.quantity);
    if (!original || line.amountMinor === 0) return undefined;
    original.left += line.quantity;
    return original.invoice;
  }
}

function goods(client: string, line: InvoiceLine): string {
  return `${client}|${line.stockCode}|${line.unitPrice}`;
}

function invoiceLine(row: TableRow, isCancellation: boolean): InvoiceLine | string {
  const quantity = Number(row.cell('Quantity'));
  if (!Number.isSafeInteger(quantity) || quantity === 0 || row.cell('Quantity') === '') return 'Quantity: not a whole number';
  if (quantity < 0 !== isCancellation) return isCancellation ? 'Quantity: positive on a cancellation' : 'Quantity: negative on an invoice';
  const unitPrice = row.cell('UnitPrice');
  if (unitPrice.startsWith('-')) return 'UnitPrice: negative';
  const amount = minorUnitsOf(unitPrice, { decimals: 2, times: BigInt(quantity) });
  if (!amount.ok) return `UnitPrice: ${amount.reason}`;
  return { origin: row.origin, lines: row.lines, stockCode: row.cell('StockCode'), unitPrice, quantity, amountMinor: amount.value };
}
