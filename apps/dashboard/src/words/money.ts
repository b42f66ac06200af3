const formats = new Map<string, { readonly format: Intl.NumberFormat; readonly minorPerMajor: number }>();

/** Minor units in the currency's own way: how many make a major one is the currency's, not always 100. '' is not known yet. */
export function formatMoney(minor: number, currency: string): string {
  if (currency === '') return String(Math.round(minor));
  const { format, minorPerMajor } = formatOf(currency);
  return format.format(minor / minorPerMajor).replace('-', '\u2212');
}

function formatOf(currency: string): { format: Intl.NumberFormat; minorPerMajor: number } {
  const known = formats.get(currency);
  if (known) return known;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
  const made = { format, minorPerMajor: 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2) };
  formats.set(currency, made);
  return made;
}
