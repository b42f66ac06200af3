import type { ClickHouseClient } from '@sp/clickhouse';
import type { SignalPoint } from '@sp/contracts';
import type { IncidentEntry } from '@sp/monitoring';
import { duplicateShares } from './door-counts';
import { offerShares } from './offer-counts.query';
import { purchaseShares } from './purchase-counts.query';
import { RuleWatch } from './rule-watch';
import { hourlyShares, streamCounts, watchedSpan, type SignalCount } from './signal-counts.query';
import { hourMs, minuteMs } from './signal-families';
import { WatchedSignal } from './watched-signal';

/** Detectors learn from so much history when the monitor starts. */
const historyMs = 21 * 24 * hourMs;
/** Event time that a bucket is left open for the slower partitions and the sinks. */
const graceMs = 2 * minuteMs;
const mostAtOnceMs = 3 * 24 * hourMs;

/**
 * Reads what came, in event time, and lets each signal's detector judge it. Nothing here depends on the wall clock: a simulated
 * month in a minute is watched like a month.
 */
export class SignalWatch {
  private readonly signals = new Map<string, WatchedSignal>();
  private readonly rules: RuleWatch;
  private cursorMs: number | undefined;

  constructor(private readonly client: ClickHouseClient) {
    this.rules = new RuleWatch(client);
  }

  /** How far the figures have been judged. */
  get judgedUntilMs(): number | undefined {
    return this.cursorMs;
  }

  chart(signal: string): readonly SignalPoint[] {
    return this.signals.get(signal)?.recent ?? this.rules.chart(signal);
  }

  get watched(): number {
    return this.signals.size;
  }

  /** Buckets that detectors have judged since the start. */
  get updates(): number {
    return [...this.signals.values()].reduce((total, { updates }) => total + updates, 0);
  }

  /** The next stretch, of three days at most; undefined when there is none yet. Call again until it is undefined. */
  async next(): Promise<IncidentEntry[] | undefined> {
    const span = await watchedSpan(this.client);
    if (!span) return undefined;
    // The clock of an empty line stands at 1970: what lies so far behind the newest event is skipped, not walked through.
    this.cursorMs = Math.max(this.cursorMs ?? -Infinity, Math.floor(Math.max(span.fromMs, span.toMs - historyMs) / hourMs) * hourMs);
    const toMs = Math.min(Math.floor((span.toMs - graceMs) / minuteMs) * minuteMs, this.cursorMs + mostAtOnceMs);
    if (toMs - this.cursorMs < minuteMs) return undefined;
    const entries = await this.judge(this.cursorMs, toMs);
    this.cursorMs = toMs;
    return entries;
  }

  private async judge(fromMs: number, toMs: number): Promise<IncidentEntry[]> {
    const [fromHourMs, toHourMs] = [Math.floor(fromMs / hourMs) * hourMs, Math.floor(toMs / hourMs) * hourMs];
    const streams = await streamCounts(this.client, fromMs, toMs);
    const hourly = toHourMs > fromHourMs ? await this.hourly(fromHourMs, toHourMs) : [];
    const bySignal = grouped([...streams, ...hourly]);
    // A stream begins with its first event: the silence before it is nobody's trouble.
    for (const [signal, counts] of bySignal) if (!this.signals.has(signal)) this.signals.set(signal, new WatchedSignal(signal, Math.min(...counts.keys())));
    const entries = [...this.signals.values()].flatMap((signal) => signal.take(bySignal.get(signal.signal) ?? new Map(), toMs));
    const ruled = toHourMs > fromHourMs ? await this.rules.judge(fromHourMs, toHourMs) : [];
    return [...entries, ...ruled].sort((a, b) => a.atMs - b.atMs);
  }

  private async hourly(fromMs: number, toMs: number): Promise<SignalCount[]> {
    const known = [...this.signals.keys()].flatMap((signal) => (signal.startsWith('merchant:') ? [signal.slice('merchant:'.length)] : []));
    const nextDuplicate = this.signals.get('share:duplicate')?.nextMs ?? fromMs;
    return (await Promise.all([hourlyShares(this.client, fromMs, toMs), purchaseShares(this.client, { fromMs, toMs, known }), offerShares(this.client, fromMs, toMs), duplicateShares(this.client, nextDuplicate)])).flat();
  }
}

function grouped(counts: readonly SignalCount[]): Map<string, Map<number, { count: number; exposure: number }>> {
  const bySignal = new Map<string, Map<number, { count: number; exposure: number }>>();
  for (const { signal, timeMs, count, exposure } of counts) {
    const known = bySignal.get(signal);
    if (known) known.set(timeMs, { count, exposure });
    else bySignal.set(signal, new Map([[timeMs, { count, exposure }]]));
  }
  return bySignal;
}
