import { randomUUID } from 'node:crypto';
import type { ClickHouseClient } from '@sp/clickhouse';
import type { Incident, IncidentDetail, ReactionAction, SignalPoint, Silence } from '@sp/contracts';
import { IncidentBook, type IncidentEntry, type Refusal } from '@sp/monitoring';
import { EntryLog } from '../entries/entry-log';
import type { Reactions } from './reactions';
import { SignalWatch } from './signal-watch';
import type { Webhook } from './webhook';

/** An entry as it is kept: with the chart of its moment. */
type KeptEntry = IncidentEntry & { readonly chart?: readonly SignalPoint[] };

export interface IncidentDeskParts {
  readonly client: ClickHouseClient;
  readonly reactions: Reactions;
  readonly webhook: Webhook | undefined;
  readonly onError: (error: unknown) => void;
}

const everyMs = 3_000;

/** Watches the signals, keeps the book of incidents, and carries out what people do about them. */
export class IncidentDesk {
  private readonly watch: SignalWatch;
  private readonly log: EntryLog<KeptEntry>;
  private book = new IncidentBook();
  private readonly charts = new Map<string, readonly SignalPoint[]>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;
  private knownUntilMs: number | undefined;
  /** How far another life of this service has told. */
  private toldUntilMs: number | undefined;
  private isLoaded = false;

  constructor(private readonly parts: IncidentDeskParts) {
    this.watch = new SignalWatch(parts.client);
    this.log = new EntryLog(parts.client, 'incidents');
  }

  start(): void {
    this.timer = setTimeout(() => void this.look(), everyMs);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Event time up to which the signals were judged. */
  get judgedUntilMs(): number | undefined {
    return this.watch.judgedUntilMs;
  }

  async list(): Promise<Incident[]> {
    await this.load();
    return this.book.list();
  }

  async silences(): Promise<Silence[]> {
    await this.load();
    return this.book.silencesAt(this.nowMs);
  }

  async detail(incidentId: string): Promise<IncidentDetail | undefined> {
    await this.load();
    const incident = this.book.find(incidentId);
    if (!incident) return undefined;
    const charts = incident.signals.map(({ signal }) => ({ signal, points: incident.firing ? this.watch.chart(signal) : (this.charts.get(`${incidentId} ${signal}`) ?? []) }));
    return { ...incident, isSilenced: this.book.isSilenced(incident, this.nowMs), charts };
  }

  async act(incidentId: string, { kind, by, note, whileFiring }: { kind: 'acknowledged' | 'mitigated' | 'resolved'; by: string; note: string; whileFiring: boolean }): Promise<Refusal | undefined> {
    return this.write(kind === 'resolved' ? { kind, incidentId, atMs: this.nowMs, by, note, whileFiring } : { kind, incidentId, atMs: this.nowMs, by, note });
  }

  async silence({ signal, by, why, hours }: { signal: string; by: string; why: string; hours: number }): Promise<Refusal | undefined> {
    return this.write({ kind: 'silenced', silenceId: randomUUID(), atMs: this.nowMs, by, why, signal, untilMs: this.nowMs + hours * 3_600_000 });
  }

  async unsilence(silenceId: string, by: string): Promise<Refusal | undefined> {
    return this.write({ kind: 'unsilenced', silenceId, atMs: this.nowMs, by });
  }

  async react(incidentId: string, order: { action: ReactionAction; target: string; by: string }): Promise<Refusal | undefined> {
    await this.load();
    if (!this.book.find(incidentId)) return 'unknown-incident';
    const before = await this.parts.reactions.carryOut(order);
    return this.write({ kind: 'reacted', incidentId, atMs: this.nowMs, reactionId: randomUUID(), before, undone: false, ...order });
  }

  async undo(incidentId: string, reactionId: string, by: string): Promise<Refusal | undefined> {
    await this.load();
    const done = this.book.find(incidentId)?.reactions.find((reaction) => reaction.reactionId === reactionId && !reaction.undone);
    if (!done) return 'unknown-incident';
    await this.parts.reactions.undo({ action: done.action, target: done.target, before: done.before, by });
    return this.write({ kind: 'reacted', incidentId, ...done, atMs: this.nowMs, by, undone: true });
  }

  /** The clock of all entries is that of the data. */
  private get nowMs(): number {
    return this.watch.judgedUntilMs ?? this.knownUntilMs ?? 0;
  }

  private async look(): Promise<void> {
    try {
      await this.load();
      for (let entries = await this.watch.next(); entries && !this.stopped; entries = await this.watch.next()) await this.takeStretch(entries);
    } catch (error) {
      this.parts.onError(error);
    }
    if (!this.stopped) this.timer = setTimeout(() => void this.look(), everyMs);
  }

  /** What was judged before the last start is known: detectors learn from it again, nobody is told again. */
  private async takeStretch(entries: readonly IncidentEntry[]): Promise<void> {
    for (const entry of entries) {
      if (entry.atMs <= (this.toldUntilMs ?? -Infinity)) continue;
      await this.afterwards(entry.atMs);
      await this.write({ ...entry, ...('signal' in entry && entry.kind !== 'silenced' && { chart: this.watch.chart(entry.signal) }) });
      await this.afterwards(entry.atMs);
    }
    const untilMs = this.watch.judgedUntilMs ?? 0;
    if (untilMs <= (this.knownUntilMs ?? -Infinity)) return;
    await this.afterwards(untilMs);
    await this.log.setMark(untilMs);
    this.knownUntilMs = untilMs;
  }

  /** What follows from time alone: the quiet ones are resolved, the loud ones told. */
  private async afterwards(atMs: number): Promise<void> {
    for (const entry of this.book.toResolve(atMs)) await this.write(entry);
    for (const entry of this.book.toNotify(atMs)) {
      await this.write(entry);
      const incident = this.book.find(entry.incidentId);
      if (incident) void this.parts.webhook?.send({ message: entry.message, incident: { ...incident, timeline: undefined } });
    }
  }

  private async write(entry: KeptEntry): Promise<Refusal | undefined> {
    await this.load();
    const refusal = this.book.refusal(entry);
    if (refusal) return refusal;
    await this.log.append(entry, 'incidentId' in entry ? entry.incidentId : 'signal' in entry ? entry.signal : entry.silenceId);
    this.fold(entry);
    return undefined;
  }

  private fold(entry: KeptEntry): void {
    const incident = this.book.fold(entry);
    if (incident && entry.chart && 'signal' in entry) this.charts.set(`${incident.incidentId} ${entry.signal}`, entry.chart);
  }

  private async load(): Promise<void> {
    if (this.isLoaded) return;
    const [entries, mark] = await Promise.all([this.log.load(), this.log.mark()]);
    if (this.isLoaded) return;
    this.book = new IncidentBook();
    for (const entry of entries) this.fold(entry);
    this.knownUntilMs = this.toldUntilMs = mark;
    this.isLoaded = true;
  }
}
