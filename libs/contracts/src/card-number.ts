/** A run of 13 to 19 digits, possibly grouped by single spaces or dashes, that stands for itself. */
const digitRun = /(?<![\w.])\d(?:[ -]?\d){12,18}(?![\w.])/g;

/** Path of the first string that holds a card number (ISO/IEC 7812: 13-19 digits that pass Luhn), or undefined. */
export function findCardNumber(value: unknown, path = ''): string | undefined {
  if (typeof value === 'string') return holdsCardNumber(value) ? path : undefined;
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 1e12 && passesLuhn(String(value)) ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = findCardNumber(inner, path === '' ? key : `${path}.${key}`);
    if (found) return found;
  }
  return undefined;
}

/** Card numbers replaced by their first six and last four digits, for logs and dead letters. */
export function maskCardNumbers(text: string): string {
  return text.replace(digitRun, (run) => {
    const digits = run.replace(/[ -]/g, '');
    return passesLuhn(digits) ? `${digits.slice(0, 6)}******${digits.slice(-4)}` : run;
  });
}

function holdsCardNumber(text: string): boolean {
  if (text.length < 13) return false;
  for (const [run] of text.matchAll(digitRun)) if (passesLuhn(run.replace(/[ -]/g, ''))) return true;
  return false;
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = digit * 2;
    sum += place % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
