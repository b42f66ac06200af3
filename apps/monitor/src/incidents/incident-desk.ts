import { randomUUID } from 'node:crypto';
import type { ClickHouseClient } from '@sp/clickhouse';
import type { Incident, IncidentDetail, ReactionAction, ReactionPolicy, SignalPoint, Silence } from '@sp/contracts';
import { cautiousReactions, IncidentBook, reactionsDue, type IncidentEntry, type Refusal } from '@sp/monitoring';
import { metrics } from '@sp/platform';
import { EntryLog } from '../entries/entry-log';
import { paritySignal, ParityWatch } from './parity-watch';
import { ReactionRefused, type Reactions } from './reactions';
import { SignalWatch } from './signal-watch';
import type { SplitWatch } from './split-watch';
import type { Webhook } from './webhook';

/** An entry as it is kept: with the chart of its moment. */
type KeptEntry = IncidentEntry & { readonly chart?: readonly SignalPoint[] };

export interface IncidentDeskParts {
  readonly client: ClickHouseClient;
  readonly reactions: Reactions;
  readonly webhook: Webhook | undefined;
  /** Experiments whose arms may not be compared. */
  readonly splits: SplitWatch;
  readonly onError: (error: unknown) => void;
}

/** Another policy, and who wants it. */
interface PolicyEntry {
  readonly kind: 'policy';
  readonly atMs: number;
  readonly by: string;
  readonly policy: ReactionPolicy;
}

const everyMs = 3_000;

/** Watches the signals, keeps the book of incidents, and carries out what people do about them. */
export class IncidentDesk {
  private readonly watch: SignalWatch;
  private readonly parity: ParityWatch;
  private readonly log: EntryLog<KeptEntry>;
  private readonly policyLog: EntryLog<PolicyEntry>;
  private policy: PolicyEntry = { kind: 'policy', atMs: 0, by: 'shipped', policy: cautiousReactions };
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
    this.parity = new ParityWatch(parts.client);
    this.log = new EntryLog(parts.client, 'incidents');
    this.policyLog = new EntryLog(parts.client, 'reaction-policy');
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
    return { ...incident, isSilenced: this.book.isSilenced(incident, this.nowMs), proposals: reactionsDue(incident, this.policy.policy, 'propose'), charts };
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
    const done = await this.parts.reactions.carryOut(order);
    return this.write({ kind: 'reacted', incidentId, atMs: this.nowMs, reactionId: randomUUID(), undone: false, ...order, ...done });
  }

  async undo(incidentId: string, reactionId: string, by: string): Promise<Refusal | undefined> {
    await this.load();
    const done = this.book.find(incidentId)?.reactions.find((reaction) => reaction.reactionId === reactionId && !reaction.undone);
    if (!done) return 'unknown-incident';
    await this.parts.reactions.undo({ action: done.action, target: done.target, before: done.before, by });
    return this.write({ kind: 'reacted', incidentId, ...done, atMs: this.nowMs, by, undone: true });
  }

  /** In force, with who published it. */
  async policyInForce(): Promise<PolicyEntry> {
    await this.load();
    return this.policy;
  }

  async publishPolicy(policy: ReactionPolicy, by: string): Promise<PolicyEntry> {
    await this.load();
    const entry: PolicyEntry = { kind: 'policy', atMs: this.nowMs, by, policy };
    await this.policyLog.append(entry, policy.version);
    return (this.policy = entry);
  }

  /** The clock of all entries is that of the data. */
  private get nowMs(): number {
    return this.watch.judgedUntilMs ?? this.knownUntilMs ?? 0;
  }

  private async look(): Promise<void> {
    try {
      await this.load();
      for (let entries = await this.watch.next(); entries && !this.stopped; entries = await this.watch.next()) await this.takeStretch(entries);
      await this.takeParity();
      for (const entry of await this.parts.splits.next(this.book, Date.now())) {
        await this.write(entry);
        await this.afterwards(entry.atMs);
      }
      this.tellMetrics();
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
      if ('signal' in entry && entry.kind === 'detected') await this.reactByPolicy(entry.signal);
    }
    const untilMs = this.watch.judgedUntilMs ?? 0;
    if (untilMs <= (this.knownUntilMs ?? -Infinity)) return;
    await this.afterwards(untilMs);
    await this.log.setMark(untilMs);
    this.knownUntilMs = untilMs;
  }

  /** What cannot be done is said in the log; people see in the incident that it was not. */
  private async reactByPolicy(signal: string): Promise<void> {
    const { policy } = this.policy;
    const incident = this.book.list().find(({ signals, firing }) => firing && signals.some((one) => one.signal === signal && one.firing));
    for (const { action, target } of incident ? reactionsDue(incident, policy, 'act') : []) {
      try {
        await this.react(incident!.incidentId, { action, target, by: `policy ${policy.version}` });
      } catch (error) {
        this.parts.onError(error instanceof ReactionRefused ? `${action} for ${signal} was not done: ${error.message}` : error);
      }
    }
  }

  private async takeParity(): Promise<void> {
    const isFiring = this.book.list().some(({ firing, signals }) => firing && signals.some((one) => one.signal === paritySignal && one.firing));
    const entry = await this.parity.next(isFiring, this.nowMs);
    if (!entry) return;
    await this.write(entry);
    await this.afterwards(entry.atMs);
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
    count(entry);
    return undefined;
  }

  private tellMetrics(): void {
    metrics.signalsWatched.set(this.watch.watched);
    metrics.signalUpdates.reset();
    metrics.signalUpdates.inc(this.watch.updates);
    metrics.judgedUntil.set(Math.floor(this.nowMs / 1000));
    const incidents = this.book.list();
    for (const state of ['open', 'acknowledged', 'mitigated', 'resolved', 'reopened']) metrics.incidents.set({ state }, incidents.filter((incident) => incident.state === state).length);
    metrics.incidentsFiring.set(incidents.filter(({ firing }) => firing).length);
  }

  private fold(entry: KeptEntry): void {
    const incident = this.book.fold(entry);
    if (incident && entry.chart && 'signal' in entry) this.charts.set(`${incident.incidentId} ${entry.signal}`, entry.chart);
  }

  private async load(): Promise<void> {
    if (this.isLoaded) return;
    const [entries, mark, policies] = await Promise.all([this.log.load(), this.log.mark(), this.policyLog.load()]);
    if (this.isLoaded) return;
    this.book = new IncidentBook();
    this.policy = policies.at(-1) ?? this.policy;
    for (const entry of entries) this.fold(entry);
    this.knownUntilMs = this.toldUntilMs = mark;
    this.isLoaded = true;
  }
}

function count(entry: IncidentEntry): void {
  if (entry.kind === 'detected' || entry.kind === 'recovered') metrics.signalSightings.inc({ family: entry.signal.split(':', 1)[0], kind: entry.kind });
  if (entry.kind === 'notified') metrics.incidentMessages.inc({ message: entry.message });
  if (entry.kind === 'reacted') metrics.reactions.inc({ action: entry.action, kind: entry.undone ? 'undone' : 'done', asked_by: entry.by.startsWith('policy ') ? 'policy' : 'person' });
}
