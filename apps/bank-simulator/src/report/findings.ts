import type { Incident, ReviewCase } from '@sp/contracts';
import type { Trouble, TroubleKind } from '../world/troubles';

const dayMs = 86_400_000;
/** A daily figure can say so only the day after; an arm that was once cleared out stays too small for as long as its experiment is counted. */
const patienceMs = (kind: TroubleKind): number => (kind === 'biased-arm' ? Number.POSITIVE_INFINITY : dayMs);

/** Something that the system raised its voice about, by the name of the signal. */
export interface Alarm {
  readonly signal: string;
  readonly atMs: number;
}

/** What the system made of one planted trouble. */
export interface TroubleFound {
  readonly found: boolean;
  readonly atMs?: number;
  readonly hoursToFind?: number;
}

export interface Findings {
  /** In the order of the troubles. */
  readonly troubles: readonly TroubleFound[];
  /** Raised while nothing was wrong, nor a day after. */
  readonly falseAlarms: readonly Alarm[];
}

/** Which signal would speak of which trouble; nothing else counts as finding it. */
const signals: Readonly<Record<TroubleKind, (what: string) => string>> = {
  'half-volume': () => 'rate:',
  'stream-outage': () => 'rate:',
  'terminal-down': (what) => `merchant:${what}`,
  'double-delivery': () => 'share:duplicate',
  'late-and-reordered': () => 'share:late',
  'dirty-fields': () => 'share:rejected',
  'wrong-term': (what) => `terms:${what}`,
  'taste-shift': () => 'drift:',
  'payment-diversion': (what) => `diversion:${what}`,
  'constant-model': () => 'model:',
  'biased-arm': () => 'split:',
};

export function alarmsOf(incidents: readonly Incident[], cases: readonly ReviewCase[]): Alarm[] {
  // A control cannot be told from a case before it is closed, so it counts as a false alarm. A signal that fired again tells its last time only, so the incident's beginning is its first signal's.
  const suspected = cases.map(({ merchantId, openedAtMs }) => ({ signal: `diversion:${merchantId}`, atMs: openedAtMs }));
  return [...suspected, ...incidents.flatMap(({ openedAtMs, title, signals: seen }) => seen.map(({ signal, sinceMs }) => ({ signal, atMs: signal === title ? openedAtMs : sinceMs })))];
}

/** Planted troubles beside the alarms: found in time, how soon, and what was raised for nothing. */
export function findingsOf(troubles: readonly Trouble[], alarms: readonly Alarm[]): Findings {
  const speaksOf = ({ signal }: Alarm, { kind, what }: Trouble): boolean => signal.startsWith(signals[kind](what));
  const within = ({ atMs }: Alarm, { startMs, endMs }: Trouble, patience: number): boolean => atMs >= startMs && atMs <= endMs + patience;
  const finds = (alarm: Alarm, trouble: Trouble): boolean => speaksOf(alarm, trouble) && within(alarm, trouble, patienceMs(trouble.kind));
  return {
    troubles: troubles.map((trouble) => {
      const heard = alarms.filter((alarm) => finds(alarm, trouble));
      if (heard.length === 0) return { found: false };
      const atMs = Math.min(...heard.map((alarm) => alarm.atMs));
      return { found: true, atMs, hoursToFind: Math.round(((atMs - trouble.startMs) / 3_600_000) * 100) / 100 };
    }),
    falseAlarms: alarms.filter((alarm) => !troubles.some((trouble) => finds(alarm, trouble) || within(alarm, trouble, dayMs))),
  };
}
