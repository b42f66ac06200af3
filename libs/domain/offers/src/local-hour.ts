/** Making a formatter costs a hundred times its use; there are as many as there are IANA zones in use. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** Hour of the day, 0..23, in an IANA time zone. */
export function localHour(timeMs: number, timeZone: string): number {
  return Number(formatterOf(timeZone).format(timeMs));
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone });
  formatters.set(timeZone, made);
  return made;
}
