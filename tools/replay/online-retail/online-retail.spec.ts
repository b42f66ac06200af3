import { describe, expect, it } from 'vitest';
import { producedBy } from '../testing/produced-by';
import { sampleFolder } from '../testing/sample-folder';
import { onlineRetail } from './online-retail';

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';

/** Made up, in the layout of the set. */
const line = (invoice: string, stock: string, quantity: number, minute: string, price: string, client = '17.0'): string => `${invoice},${stock},"A thing, boxed",${quantity},2011-06-01 ${minute}:00,${price},${client},Norway`;

async function produced(...lines: string[]): ReturnType<typeof producedBy> {
  const made = await producedBy(onlineRetail, sampleFolder({ '2011-06.csv.gz': [header, ...lines, ''].join('\n') }));
  expect(made.contractFaults).toEqual([]);
  expect(made.linesTold).toBe(made.linesRead);
  return made;
}

const ofType = (made: Awaited<ReturnType<typeof producedBy>>, type: string): unknown[] => made.events.filter((event) => event.type === type).map(({ data }) => data);

describe('the online retail mapping', () => {
  it('makes one payment of an invoice, exact to the penny, and registers the client before it', async () => {
    const made = await produced(line('536001', 'A', 3, '08:00', '1.15'), line('536002', 'B', 1, '08:00', '9.0', '18.0'), line('536001', 'B', 7, '08:01', '0.1'));
    expect(ofType(made, 'transaction.authorised')).toMatchObject([{ transactionId: '536001', amountMinor: 415, currency: 'GBP' }, { transactionId: '536002', amountMinor: 900 }]);
    expect(made.events.map(({ type, subject }) => `${type} ${subject}`).slice(4)).toEqual(['client.registered 17', 'transaction.authorised 17', 'client.registered 18', 'transaction.authorised 18']);
  });

  it('opens with the shop and campaigns before its first payment, on London time', async () => {
    const { events } = await produced(line('536001', 'A', 1, '08:00', '1.0'));
    expect(events.slice(0, 4).map(({ type }) => type)).toEqual(['merchant.registered', 'campaign.published', 'campaign.published', 'campaign.published']);
    expect(events.at(-1)?.timeMs).toBe(Date.UTC(2011, 5, 1, 7, 0));
    expect(events[0]?.timeMs).toBe(Date.UTC(2011, 5, 1));
  });

  it('makes a reversal of a cancellation whose original it knows, on the invoice that it gives goods back of', async () => {
    const made = await produced(line('536001', 'A', 5, '08:00', '2.5'), line('536002', 'B', 1, '09:00', '1.0'), line('C536003', 'A', -2, '10:00', '2.5'));
    expect(ofType(made, 'transaction.reversed')).toEqual([{ transactionId: '536001', amountMinor: 500 }]);
  });

  it('gives no goods back twice', async () => {
    const made = await produced(line('536001', 'A', 5, '08:00', '2.5'), line('C536002', 'A', -4, '09:00', '2.5'), line('C536003', 'A', -4, '10:00', '2.5'));
    expect(ofType(made, 'transaction.reversed')).toHaveLength(1);
    expect(made.rejects.map(({ reason, origin }) => `${origin.line} ${reason}`)).toEqual(['4 cancellation without an original']);
  });

  it('splits a cancellation that gives back goods of several invoices', async () => {
    const made = await produced(line('536001', 'A', 1, '08:00', '2.5'), line('536002', 'B', 1, '09:00', '1.0'), line('C536003', 'A', -1, '10:00', '2.5'), line('C536003', 'B', -1, '10:00', '1.0'));
    expect(ofType(made, 'transaction.reversed')).toEqual([{ transactionId: '536001', amountMinor: 250 }, { transactionId: '536002', amountMinor: 100 }]);
  });

  it('rejects what cannot be a payment, each line with its reason', async () => {
    const made = await produced(
      line('536001', 'A', 1, '08:00', '1.0', ''), line('A536002', 'A', 1, '08:00', '1.0'), line('536003', 'A', -1, '08:00', '1.0'), line('536004', 'A', 1, '08:00', '0.001'),
      line('536005', 'A', 1, '08:00', '0.0'), line('C536006', 'A', -1, '08:00', '1.0'), line('536007', 'A', 1, 'noon', '1.0'), 'torn,line',
    );
    expect(made.rejects.map(({ origin, reason }) => `${origin.line} ${reason}`).sort()).toEqual([
      '2 no client', '3 InvoiceNo: neither an invoice nor a cancellation', '4 Quantity: negative on an invoice', '5 UnitPrice: not a whole minor unit',
      '6 invoice comes to nothing', '7 cancellation without an original', '8 InvoiceDate: not a time', '9 wrong number of columns',
    ]);
    expect(ofType(made, 'client.registered')).toEqual([]);
  });
});
