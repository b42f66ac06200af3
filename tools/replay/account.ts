import type { Verdict } from './door';
import type { LineTally } from './mapping';
import type { Origin, OutgoingEvent, Rejected } from './produced';

/** How often, and where first, so that a person can look one up. */
export interface Tally {
  events: number;
  lines: number;
  readonly first?: Origin | undefined;
}

/** An event with the lines that it tells of. */
export interface Item {
  readonly event: OutgoingEvent;
  readonly lines: number;
  readonly origin?: Origin | undefined;
}

/** Where every line and every event of a replay went. It holds no events: its size does not grow with the input. */
export class Account implements LineTally {
  linesRead = 0;
  resentBatches = 0;
  readonly passedOver = new Map<string, Tally>();
  readonly rejectedByMapping = new Map<string, Tally>();
  readonly sentByType = new Map<string, Tally>();
  readonly byVerdict = new Map<Verdict['status'], Tally>();
  readonly rejectedByDoor = new Map<string, Tally>();
  firstEventMs: number | undefined;
  lastEventMs: number | undefined;

  passOver(what: string, lines: number): void {
    count(this.passedOver, what, { events: 0, lines });
  }

  reject({ reason, lines, origin }: Rejected): void {
    count(this.rejectedByMapping, reason, { events: 0, lines, first: origin });
  }

  sent({ event, lines }: Item): void {
    count(this.sentByType, event.type, { events: 1, lines });
    this.firstEventMs ??= event.timeMs;
    this.lastEventMs = event.timeMs;
  }

  answered({ lines, origin }: Item, verdict: Verdict): void {
    count(this.byVerdict, verdict.status, { events: 1, lines });
    if (verdict.status === 'rejected') count(this.rejectedByDoor, verdict.reason ?? 'without a reason', { events: 1, lines, first: origin });
  }

  get eventsSent(): number {
    return total(this.sentByType).events;
  }

  /** What does not add up; nothing, if all does. */
  faults(): string[] {
    const told = total(this.passedOver).lines + total(this.rejectedByMapping).lines + total(this.sentByType).lines;
    const [sent, answered] = [total(this.sentByType), total(this.byVerdict)];
    return [
      ...(told === this.linesRead ? [] : [`${this.linesRead} lines were read, but ${told} are told of`]),
      ...(answered.events === sent.events ? [] : [`${sent.events} events were sent, but ${answered.events} answered`]),
    ];
  }
}

export function total(tallies: ReadonlyMap<string, Tally>): { events: number; lines: number } {
  let [events, lines] = [0, 0];
  for (const tally of tallies.values()) {
    events += tally.events;
    lines += tally.lines;
  }
  return { events, lines };
}

function count(tallies: Map<string, Tally>, key: string, one: Tally): void {
  const tally = tallies.get(key);
  if (!tally) tallies.set(key, { ...one });
  else {
    tally.events += one.events;
    tally.lines += one.lines;
  }
}
