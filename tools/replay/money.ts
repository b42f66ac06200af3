export type Converted<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

export interface MoneyFormat {
  /** Decimals of the currency's minor unit: 2 for cents. */
  readonly decimals: number;
  readonly decimalMark?: '.' | ',';
  /** A quantity to multiply by before the result must be whole. */
  readonly times?: bigint;
}

/** Minor units of a plain decimal number, by integers only: "3.4" is 340 cents, and what is not a whole minor unit is refused. */
export function minorUnitsOf(text: string, { decimals, decimalMark = '.', times = 1n }: MoneyFormat): Converted<number> {
  const match = /^([+-]?)(\d*)(?:\.(\d+))?$/.exec(decimalMark === ',' ? text.replace('.', 'x').replace(',', '.') : text);
  const [, sign = '', whole = '', fraction = ''] = match ?? [];
  if (!match || whole + fraction === '' || text.length > 30) return { ok: false, reason: 'not a decimal amount' };
  const scaled = BigInt(whole + fraction) * times * 10n ** BigInt(decimals) * (sign === '-' ? -1n : 1n);
  const divisor = 10n ** BigInt(fraction.length);
  if (scaled % divisor !== 0n) return { ok: false, reason: 'not a whole minor unit' };
  const minor = Number(scaled / divisor);
  return Number.isSafeInteger(minor) ? { ok: true, value: minor } : { ok: false, reason: 'amount too large' };
}
