import { nameOfEvent, type Correction, type DeadLetter } from './dead-letter';

export type EventToReplay = { readonly ok: true; readonly event: unknown } | { readonly ok: false; readonly why: string };

/**
 * The original with its corrections written in, to be sent through the public door again; or why that cannot be.
 * What names the event (source, subject, id) stays its own: it is by this that the door knows an event it has taken.
 */
export function eventToReplay(letter: DeadLetter, corrections: readonly Correction[]): EventToReplay {
  const kept = keptWhole(letter);
  if (kept !== undefined) return { ok: false, why: kept };
  const original = parsed(letter.payload);
  if (typeof original !== 'object' || original === null) return { ok: false, why: 'it is not a JSON object, so there is no event to send; its sender has to send it again' };
  const before = nameOfEvent(original);
  for (const correction of corrections) {
    const problem = write(original as Record<string, unknown>, correction);
    if (problem !== undefined) return { ok: false, why: problem };
  }
  const after = nameOfEvent(original);
  if (before && !(after && before.source === after.source && before.subject === after.subject && before.id === after.id)) {
    return { ok: false, why: 'source, subject and id name the event and cannot be changed; as another event its sender has to send it' };
  }
  // The door has taken the first one, which had no effect beyond it: the next attempt is an event of its own, one for each letter.
  if (letter.origin === 'line') (original as Record<string, unknown>)['id'] = `replay:${letter.attempt + 1}:${letter.id}`;
  return { ok: true, event: original };
}

/** How often an event of this id has come to the line: 1, or as its replay says. */
export function attemptOf(eventId: string): number {
  return Number(/^replay:(\d{1,6}):/.exec(eventId)?.[1] ?? 1);
}

/** Are these the corrections that were made before? */
export function sameCorrections(some: readonly Correction[], others: readonly Correction[]): boolean {
  const text = (corrections: readonly Correction[]): string => JSON.stringify(corrections.map(({ path, value }) => [path, value]).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
  return text(some) === text(others);
}

function keptWhole({ origin, isMasked, isCut }: DeadLetter): string | undefined {
  if (isMasked) return 'it held a card number, which was masked and is kept nowhere; its sender has to send it again with a pseudonym';
  if (isCut) return 'only its beginning was kept, as it was too large; its sender has to send it again';
  if (origin === 'control') return 'it is a request of the system’s own, not a bank’s event; give the command again (npm run operate)';
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Writes one value by its dotted path (`data.terms.0.discountPercent`); says what stands in the way. */
function write(event: Record<string, unknown>, { path, value }: Correction): string | undefined {
  const parts = path.split('.');
  if (parts.some((part) => part === '' || part === '__proto__')) return `"${path}" is no path such as data.currency`;
  const last = parts.pop()!;
  let at: Record<string, unknown> = event;
  for (const part of parts) {
    if (!Object.hasOwn(at, part)) at[part] = {};
    const next = at[part];
    if (typeof next !== 'object' || next === null) return `"${path}" leads through "${part}", which is a plain value`;
    at = next as Record<string, unknown>;
  }
  if (value === undefined) delete at[last];
  else at[last] = value;
  return undefined;
}
