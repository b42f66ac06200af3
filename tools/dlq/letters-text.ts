import type { DeadLetterDetail, DeadLetterReason, DeadLetterState, DeadLetterSummary } from '@sp/contracts';

/** The list as a person reads it: counts first, then the newest letters, one a line. */
export function listText(letters: readonly DeadLetterSummary[], reasons: readonly DeadLetterReason[], { nowMs, forgotten }: { readonly nowMs: number; readonly forgotten: number }): string {
  if (reasons.length === 0) return 'No dead letters.';
  const counts = table([['reason', 'open', 'replayed', 'dropped'], ...reasons.map(({ reason, open, replayed, dropped }) => [reason, ...[open, replayed, dropped].map(String)])]);
  const lines = table([['id', 'age', 'tries', 'door', 'reason', 'field', 'event', 'state'], ...letters.map((letter) => [letter.id, ageText(nowMs - letter.timeMs), String(letter.attempts), letter.origin, letter.reason, oneLine(letter.field, 32), oneLine(letter.event?.id ?? '-', 40), letter.state.kind])]);
  const older = forgotten > 0 ? `\n\n${forgotten} older ones are not counted here.` : '';
  return `${counts}\n\n${letters.length === 0 ? 'None of that kind.' : lines}${older}`;
}

export function detailText({ payload, ...letter }: DeadLetterDetail): string {
  const place = letter.origin === 'http' ? 'HTTP door, request' : letter.origin === 'line' ? `the line, step ${letter.stage}/${letter.step}, attempt ${letter.attempt}, partition:frame` : 'stream BANK, message';
  const rows: [string, string][] = [
    ['id', letter.id],
    ['state', stateText(letter.state)],
    ['reason', letter.reason],
    ['field', letter.field || '(the whole)'],
    ['message', letter.message],
    ['origin', `${place} ${letter.position.replace('#', ', item ')}${letter.origin === 'control' ? ' (control request)' : ''}`],
    ['event', letter.event ? `${letter.event.source} / ${letter.event.subject} / ${letter.event.id} (${letter.event.type})` : '(no readable envelope)'],
    ['refused', `${letter.attempts} x, first ${new Date(letter.firstMs).toISOString()}, last ${new Date(letter.timeMs).toISOString()}`],
    ['replay', letter.notReplayable === undefined ? 'possible' : `not possible: ${letter.notReplayable}`],
  ];
  return `${table(rows)}\n\n${prettyPayload(payload)}`;
}

function stateText(state: DeadLetterState): string {
  if (state.kind === 'open') return 'open';
  const when = `by ${state.by} at ${new Date(state.timeMs).toISOString()}`;
  if (state.kind === 'dropped') return `dropped ${when}: ${state.why}`;
  const corrections = state.corrections.map(({ path, value }) => (value === undefined ? `without ${path}` : `${path}=${JSON.stringify(value)}`));
  return `replayed ${when}: ${state.verdict}${corrections.length === 0 ? '' : `, with ${corrections.join(', ')}`}`;
}

function prettyPayload(payload: string): string {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    return printable(payload);
  }
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  return rows.map((cells) => cells.map((cell, column) => (column === cells.length - 1 ? printable(cell) : printable(cell).padEnd(widths[column]!))).join('  ').trimEnd()).join('\n');
}

function oneLine(text: string, maximum: number): string {
  return text.length > maximum ? `${text.slice(0, maximum - 1)}…` : text;
}

/** What strangers sent is shown, never obeyed: no control character reaches the terminal. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\uFFFD');
}

function ageText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}
