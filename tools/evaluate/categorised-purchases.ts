import type { CategorisedPurchase } from '@sp/learning';
import type { CaseInput } from './case';
import { csvRows, hasColumns, type PublicFile } from './public-files';

export interface CategorisedSet {
  readonly name: string;
  /** What stands for a category. */
  readonly what: string;
  readonly purchases: readonly CategorisedPurchase[];
}

/** The sets of the folder whose purchases have a client, a day and something like a category; earlier parts come with them. */
export function categorisedSets({ files, history }: CaseInput): CategorisedSet[] {
  const kinds = [{ name: 'anz (synthesised)', what: 'kind of transaction', is: isAnz, read: anzPurchases }, { name: 'online-retail', what: 'first two digits of the stock code', is: isRetail, read: retailPurchases }];
  return kinds.filter(({ is }) => files.some(is)).map(({ name, what, is, read }) => ({ name, what, purchases: [...history, ...files].filter(is).flatMap(read) }));
}

const isAnz = (file: PublicFile): boolean => hasColumns(file, 'txn_description', 'customer_id', 'amount', 'date');
const isRetail = (file: PublicFile): boolean => hasColumns(file, 'InvoiceNo', 'StockCode', 'CustomerID', 'InvoiceDate');

function anzPurchases(file: PublicFile): CategorisedPurchase[] {
  return csvRows(file).map((row) => ({ client: row['customer_id'] ?? '', day: dayOf(row['date'] ?? ''), category: row['txn_description'] ?? '' }));
}

function retailPurchases(file: PublicFile): CategorisedPurchase[] {
  const sold = csvRows(file).filter((row) => row['CustomerID'] && !row['InvoiceNo']?.startsWith('C') && /^\d{5}/.test(row['StockCode'] ?? ''));
  return sold.map((row) => ({ client: row['CustomerID'] ?? '', day: dayOf((row['InvoiceDate'] ?? '').slice(0, 10)), category: (row['StockCode'] ?? '').slice(0, 2) }));
}

function dayOf(date: string): number {
  return Math.floor(Date.parse(date) / 86_400_000);
}
