import type { Incident, IncidentState, Silence } from '@sp/contracts';
import type { IncidentEntry, Sighting } from './incident-entry';

export interface IncidentBookOptions {
  /** Signals of a group that turn strange within this time of each other belong together. */
  readonly groupWithinMs: number;
  /** An incident is resolved by itself when nothing has fired for so long. */
  readonly quietMs: number;
  /** What fires again within this time after its resolution is the same incident, reopened. */
  readonly reopenWithinMs: number;
  /** Within this time an incident sends two messages at most: that it is open, and that it comes and goes. */
  readonly notifyWithinMs: number;
}

const hourMs = 3_600_000;

export const incidentBookDefaults: IncidentBookOptions = { groupWithinMs: 15 * 60_000, quietMs: hourMs, reopenWithinMs: 6 * hourMs, notifyWithinMs: 24 * hourMs };

/** Flaps before somebody is told that it comes and goes. */
const flapsToTell = 3;
/** Older ones are in ClickHouse. */
const mostIncidents = 2_000;

export type Refusal = 'unknown-incident' | 'still-firing' | 'already-resolved' | 'unknown-silence';

interface Held {
  incident: Incident;
  firing: Set<string>;
  notifiedAtMs: number[];
  firedAtMs: number;
}

/**
 * All incidents as a fold over their entries: open, acknowledged, mitigated, resolved, reopened. One group has one incident at a
 * time; what comes and goes stays one. Deterministic: the same entries give the same book, so it is rebuilt by reading them again.
 */
export class IncidentBook {
  private readonly held = new Map<string, Held>();
  private readonly silences = new Map<string, Silence>();

  constructor(private readonly options: IncidentBookOptions = incidentBookDefaults) {}

  list(): Incident[] {
    return [...this.held.values()].map(({ incident }) => incident).sort((a, b) => b.openedAtMs - a.openedAtMs || a.incidentId.localeCompare(b.incidentId));
  }

  find(incidentId: string): Incident | undefined {
    return this.held.get(incidentId)?.incident;
  }

  silencesAt(atMs: number): Silence[] {
    return [...this.silences.values()].filter(({ untilMs }) => untilMs > atMs);
  }

  /** Why somebody may not do this now; undefined if he may. */
  refusal(entry: IncidentEntry): Refusal | undefined {
    if (entry.kind === 'unsilenced') return this.silences.has(entry.silenceId) ? undefined : 'unknown-silence';
    if (!('incidentId' in entry)) return undefined;
    const held = this.held.get(entry.incidentId);
    if (!held) return 'unknown-incident';
    if (held.incident.state === 'resolved' && entry.kind !== 'reacted' && entry.kind !== 'notified') return 'already-resolved';
    return entry.kind === 'resolved' && held.firing.size > 0 && !entry.whileFiring ? 'still-firing' : undefined;
  }

  /** The incident that the entry changed, if any. A refused entry changes nothing. */
  fold(entry: IncidentEntry): Incident | undefined {
    if (this.refusal(entry)) return undefined;
    if (entry.kind === 'detected') return this.detect(entry);
    if (entry.kind === 'recovered') return this.recover(entry);
    if (entry.kind === 'silenced') return void this.silences.set(entry.silenceId, { silenceId: entry.silenceId, signal: entry.signal, by: entry.by, why: entry.why, fromMs: entry.atMs, untilMs: entry.untilMs });
    if (entry.kind === 'unsilenced') return void this.silences.delete(entry.silenceId);
    return this.change(entry);
  }

  /** Incidents of which nothing has fired for the quiet time: to be resolved by the system, by entries like any other. */
  toResolve(atMs: number): IncidentEntry[] {
    return [...this.held.values()]
      .filter(({ incident, firing }) => incident.state !== 'resolved' && firing.size === 0 && atMs - (incident.quietSinceMs ?? atMs) >= this.options.quietMs)
      .map(({ incident }) => ({ kind: 'resolved', incidentId: incident.incidentId, atMs: (incident.quietSinceMs ?? atMs) + this.options.quietMs, by: 'system', note: 'Nothing has fired for the quiet time.', whileFiring: false }));
  }

  /** Messages that are due, as entries; a silenced or acknowledged incident sends none. */
  toNotify(atMs: number): (IncidentEntry & { readonly kind: 'notified' })[] {
    return [...this.held.values()].flatMap(({ incident, firing, notifiedAtMs, firedAtMs }) => {
      const recent = notifiedAtMs.filter((sentMs) => atMs - sentMs < this.options.notifyWithinMs).length;
      if (firing.size === 0 || recent >= 2 || (incident.state !== 'open' && incident.state !== 'reopened') || this.isSilenced(incident, atMs)) return [];
      // What only goes on is no news.
      if ((recent === 1 && incident.flaps < flapsToTell) || firedAtMs <= (notifiedAtMs.at(-1) ?? -Infinity)) return [];
      return [{ kind: 'notified', incidentId: incident.incidentId, atMs, message: recent === 0 ? 'opened' : 'flapping' } as const];
    });
  }

  isSilenced(incident: Incident, atMs: number): boolean {
    const active = this.silencesAt(atMs);
    return incident.signals.every(({ signal }) => active.some((silence) => matches(silence.signal, signal)));
  }

  private detect(sighting: Sighting): Incident {
    const held = this.belongsTo(sighting) ?? this.open(sighting);
    const { incident } = held;
    const wasQuiet = held.firing.size === 0;
    const known = incident.signals.some(({ signal }) => signal === sighting.signal);
    held.firing.add(sighting.signal);
    held.firedAtMs = sighting.atMs;
    const seen = { signal: sighting.signal, firing: true, noData: sighting.noData, direction: sighting.direction, sinceMs: sighting.atMs, count: sighting.count, expected: sighting.expected };
    const state: IncidentState = incident.state === 'resolved' ? 'reopened' : incident.state;
    const { quietSinceMs: _, ...rest } = incident;
    held.incident = {
      ...rest, state, firing: true, flaps: incident.flaps + (wasQuiet ? 1 : 0),
      signals: [...incident.signals.filter(({ signal }) => signal !== sighting.signal), seen],
      timeline: [...incident.timeline, { kind: incident.state === 'resolved' ? 'reopened' : known || incident.timeline.length > 0 ? 'fired' : 'opened', atMs: sighting.atMs, by: 'system', note: sighting.signal }],
    };
    return held.incident;
  }

  private belongsTo({ group, atMs, signal }: Sighting): Held | undefined {
    const { groupWithinMs, reopenWithinMs } = this.options;
    return [...this.held.values()].reverse().find(({ incident, firing }) => {
      if (incident.group !== group) return false;
      if (incident.signals.some((one) => one.signal === signal)) return incident.state !== 'resolved' || atMs - (incident.resolvedAtMs ?? 0) <= reopenWithinMs;
      return incident.state !== 'resolved' && (firing.size > 0 || atMs - incident.openedAtMs <= groupWithinMs);
    });
  }

  private open({ group, signal, atMs }: Sighting): Held {
    const incidentId = `${group}-${new Date(atMs).toISOString().slice(0, 16)}`.replaceAll(/[^\w.-]+/g, '-');
    const held: Held = {
      incident: { incidentId, group, title: signal, state: 'open', firing: true, openedAtMs: atMs, flaps: 0, notifications: 0, signals: [], timeline: [], reactions: [] },
      firing: new Set(), notifiedAtMs: [], firedAtMs: atMs,
    };
    this.held.set(incidentId, held);
    if (this.held.size > mostIncidents) this.held.delete(this.held.keys().next().value ?? '');
    return held;
  }

  private recover({ signal, atMs }: Sighting): Incident | undefined {
    const held = [...this.held.values()].find(({ firing }) => firing.has(signal));
    if (!held) return undefined;
    held.firing.delete(signal);
    const firing = held.firing.size > 0;
    held.incident = {
      ...held.incident, firing, ...(!firing && { quietSinceMs: atMs }),
      signals: held.incident.signals.map((one) => (one.signal === signal ? { ...one, firing: false, untilMs: atMs } : one)),
      timeline: [...held.incident.timeline, { kind: 'quiet', atMs, by: 'system', note: signal }],
    };
    return held.incident;
  }

  private change(entry: Extract<IncidentEntry, { incidentId: string }>): Incident | undefined {
    const held = this.held.get(entry.incidentId);
    if (!held) return undefined;
    const { incident } = held;
    if (entry.kind === 'notified') {
      held.notifiedAtMs.push(entry.atMs);
      held.incident = { ...incident, notifications: incident.notifications + 1, timeline: [...incident.timeline, { kind: 'notified', atMs: entry.atMs, by: 'system', note: entry.message }] };
    } else if (entry.kind === 'reacted') {
      const { kind: _, incidentId: __, ...reaction } = entry;
      held.incident = { ...incident, reactions: [...incident.reactions.filter(({ reactionId }) => reactionId !== reaction.reactionId), reaction], timeline: [...incident.timeline, { kind: 'reacted', atMs: entry.atMs, by: entry.by, note: `${reaction.undone ? 'undone: ' : ''}${reaction.action} ${reaction.target}` }] };
    } else {
      if (entry.kind === 'resolved') held.firing.clear();
      held.incident = { ...incident, state: entry.kind, ...(entry.kind === 'resolved' && { resolvedAtMs: entry.atMs, firing: false }), timeline: [...incident.timeline, { kind: entry.kind, atMs: entry.atMs, by: entry.by, note: entry.note }] };
    }
    return held.incident;
  }
}

/** A silence names a signal, or all that begin alike: `rate:*`. */
function matches(pattern: string, signal: string): boolean {
  return pattern.endsWith('*') ? signal.startsWith(pattern.slice(0, -1)) : pattern === signal;
}
