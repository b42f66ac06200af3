import { total, type Account, type Tally } from './account';

const shownReasons = 20;

/** The account as a person reads it: lines on top, events below, and whether they agree. */
export function accountText(account: Account): string {
  const faults = account.faults();
  return [...linesPart(account), ...eventsPart(account), faults.length === 0 ? 'balance     every line and every event is accounted for' : `NO BALANCE  ${faults.join('; ')}`, ''].join('\n');
}

function linesPart(account: Account): string[] {
  const passed = [...account.passedOver].map(([what, { lines }]) => ` + ${what} ${n(lines)}`).join('');
  const [inEvents, rejected] = [total(account.sentByType).lines, total(account.rejectedByMapping).lines];
  return [
    `lines       ${n(account.linesRead)} read = ${n(inEvents)} in events + ${n(rejected)} rejected${passed}`,
    ...reasons(account.rejectedByMapping, 'lines'),
  ];
}

function eventsPart(account: Account): string[] {
  const of = (status: 'accepted' | 'duplicate' | 'rejected'): string => n(account.byVerdict.get(status)?.events ?? 0);
  const resent = account.resentBatches > 0 ? ` (a batch was sent again ${n(account.resentBatches)} times, the door being busy or away: what it had taken is a duplicate)` : '';
  return [
    `events      ${n(account.eventsSent)} sent = ${of('accepted')} accepted + ${of('duplicate')} duplicates + ${of('rejected')} rejected${resent}`,
    ...reasons(account.rejectedByDoor, 'events'),
    ...[...account.sentByType].map(([type, { events, lines }]) => `  ${type.padEnd(24)} ${n(events).padStart(9)} from ${n(lines)} lines`),
    ...(account.firstEventMs === undefined ? [] : [`event time  ${iso(account.firstEventMs)} to ${iso(account.lastEventMs)}`]),
  ];
}

function reasons(tallies: ReadonlyMap<string, Tally>, what: 'lines' | 'events'): string[] {
  const rows = [...tallies].sort(([, one], [, other]) => other[what] - one[what]);
  const texts = rows.slice(0, shownReasons).map(([reason, tally]) => `  rejected ${n(tally[what]).padStart(9)}  ${reason}${tally.first ? ` (first: ${tally.first.file}:${tally.first.line})` : ''}`);
  return rows.length > shownReasons ? [...texts, `  and ${n(rows.length - shownReasons)} further reasons`] : texts;
}

function n(value: number): string {
  return value.toLocaleString('en-US');
}

function iso(ms: number | undefined): string {
  return ms === undefined ? '' : new Date(ms).toISOString();
}
