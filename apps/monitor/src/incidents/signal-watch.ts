import type { ClickHouseClient } from '@sp/clickhouse';
import type { SignalPoint } from '@sp/contracts';
import type { IncidentEntry } from '@sp/monitoring';
import { hourlyShares, merchantCounts, streamCounts, watchedSpan, type SignalCount } from './signal-counts.query';
import { hourMs, minuteMs, WatchedSignal } from './watched-signal';

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
  private cursorMs: number | undefined;

  constructor(private readonly client: ClickHouseClient) {}

  /** How far the figures have been judged. */
  get judgedUntilMs(): number | undefined {
    return this.cursorMs;
  }

  chart(signal: string): readonly SignalPoint[] {
    return this.signals.get(signal)?.recent ?? [];
  }

  /** The next stretch, of three days at most; undefined when there is none yet. Call again until it is undefined. */
  async next(): Promise<IncidentEntry[] | undefined> {
    const span = await watchedSpan(this.client);
    if (!span) return undefined;
    this.cursorMs ??= Math.floor(Math.max(span.fromMs, span.toMs - historyMs) / hourMs) * hourMs;
    const toMs = Math.min(Math.floor((span.toMs - graceMs) / minuteMs) * minuteMs, this.cursorMs + mostAtOnceMs);
    if (toMs - this.cursorMs < minuteMs) return undefined;
    const entries = await this.judge(this.cursorMs, toMs);
    this.cursorMs = toMs;
    return entries;
  }

  private async judge(fromMs: number, toMs: number): Promise<IncidentEntry[]> {
    const [fromHourMs, toHourMs] = [Math.floor(fromMs / hourMs) * hourMs, Math.floor(toMs / hourMs) * hourMs];
    const streams = await streamCounts(this.client, fromMs, toMs);
    const hourly = toHourMs > fromHourMs ? (await Promise.all([hourlyShares(this.client, fromHourMs, toHourMs), merchantCounts(this.client, fromHourMs, toHourMs)])).flat() : [];
    const bySignal = grouped([...streams, ...hourly]);
    // A stream begins with its first event: the silence before it is nobody's trouble.
    for (const [signal, counts] of bySignal) if (!this.signals.has(signal)) this.signals.set(signal, new WatchedSignal(signal, Math.min(...counts.keys())));
    const entries = [...this.signals.values()].flatMap((signal) => signal.take(bySignal.get(signal.signal) ?? new Map(), toMs));
    return entries.sort((a, b) => a.atMs - b.atMs);
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
