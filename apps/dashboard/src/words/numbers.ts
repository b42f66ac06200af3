const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export function formatCount(count: number): string {
  return whole.format(count);
}

export function formatRate(perSecond: number): string {
  return perSecond > 0 && perSecond < 10 ? tenths.format(perSecond) : whole.format(perSecond);
}

/** 0.123 as `12.3 %`, with a true minus. */
export function formatPercent(share: number): string {
  return `${digits(share * 100)} %`;
}

/** A change: always with its sign. */
export function formatChange(share: number): string {
  const text = digits(share * 100);
  return `${share > 0 && text !== '0.0' ? '+' : ''}${text} %`;
}

function digits(value: number): string {
  const text = tenths.format(Math.abs(value) < 0.05 ? 0 : value);
  return text.replace('-', '\u2212');
}

const precise = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });

/** A value of any size: four digits that count, a dash where it is not known. */
export function formatValue(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : precise.format(value).replace('-', '\u2212');
}
