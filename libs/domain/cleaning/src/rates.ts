/** The newest rate of each pair of currencies; plain data. */
export type RateTable = Record<string, { readonly rate: number; readonly timeMs: number }>;

export function applyRate(rates: RateTable, { timeMs, data: { base, quote, rate } }: { readonly timeMs: number; readonly data: { readonly base: string; readonly quote: string; readonly rate: number } }): void {
  const known = rates[`${base}/${quote}`];
  if (!known || known.timeMs <= timeMs) rates[`${base}/${quote}`] = { rate, timeMs };
}

/** Minor units of `to`; undefined where no rate between the two is known, in either direction. */
export function convertMinor(rates: RateTable, amountMinor: number, from: string, to: string): number | undefined {
  const [forth, back] = [rates[`${from}/${to}`], rates[`${to}/${from}`]];
  const newer = forth && (!back || forth.timeMs >= back.timeMs) ? forth.rate : back && 1 / back.rate;
  if (newer === undefined) return undefined;
  const converted = Math.max(1, Math.round(amountMinor * newer * 10 ** (minorDigits(to) - minorDigits(from))));
  return Number.isSafeInteger(converted) ? converted : undefined;
}

const digits = new Map<string, number>();

/** 2 for the euro, 0 for the yen, 3 for the dinar (ISO 4217). */
export function minorDigits(currency: string): number {
  const known = digits.get(currency);
  if (known !== undefined) return known;
  const found = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  digits.set(currency, found);
  return found;
}
