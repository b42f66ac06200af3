import type { ClickHouseClient } from '@sp/clickhouse';
import type { SignalPoint } from '@sp/contracts';
import { DailyCusum, ScoreSpread, TermsWatch, type IncidentEntry } from '@sp/monitoring';
import { DriftWatch } from './drift-watch';
import { hoursOfScores, hoursOfTerms, totalsOfDays } from './rule-counts.query';
import { RuleSignals, type Ruling } from './rule-signal';
import { dayMs, hourMs } from './signal-families';

/** Wrong terms and a constant model are over when they were not seen for so long. */
const quietMs = 6 * hourMs;

/** What is judged by a rule of its own, in the order of event time: terms of offers, scores of models, slow leaks of streams, drift. */
export class RuleWatch {
  private readonly signals = new RuleSignals();
  private readonly terms = new TermsWatch();
  private readonly scores = new ScoreSpread();
  private readonly leaks = new Map<string, DailyCusum>();
  private readonly drift: DriftWatch;

  constructor(private readonly client: ClickHouseClient) {
    this.drift = new DriftWatch(client);
  }

  chart(signal: string): readonly SignalPoint[] {
    return this.signals.chart(signal);
  }

  /** Whole hours; a day's figures are judged when the stretch holds its end. */
  async judge(fromMs: number, toMs: number): Promise<IncidentEntry[]> {
    const hourly = this.signals.take([...(await this.judgeTerms(fromMs, toMs)), ...(await this.judgeModels(fromMs, toMs))].sort((a, b) => a.atMs - b.atMs));
    const ended = [...this.signals.close('terms:', toMs, quietMs), ...this.signals.close('model:', toMs, quietMs)];
    const daily: IncidentEntry[] = [];
    for (let endMs = Math.floor(fromMs / dayMs) * dayMs + dayMs; endMs <= toMs; endMs += dayMs) {
      daily.push(...this.signals.take([...(await this.judgeLeaks(endMs)), ...(await this.drift.judge(endMs))]));
      daily.push(...this.signals.close('leak:', endMs, 3 * dayMs), ...this.signals.close('drift:', endMs, 2 * dayMs));
    }
    return [...hourly, ...ended, ...daily];
  }

  private async judgeTerms(fromMs: number, toMs: number): Promise<Ruling[]> {
    return (await hoursOfTerms(this.client, fromMs, toMs)).map((terms) => {
      const { isWrong, usualPercent } = this.terms.see(terms);
      const { merchantId, timeMs, discountPercent } = terms;
      return { signal: `terms:${merchantId}`, group: `terms:${merchantId}`, atMs: timeMs + hourMs, isStrange: isWrong, direction: 'high', count: discountPercent, expected: usualPercent };
    });
  }

  private async judgeModels(fromMs: number, toMs: number): Promise<Ruling[]> {
    return (await hoursOfScores(this.client, fromMs, toMs)).flatMap((hour) => {
      const reading = this.scores.see(hour);
      if (!reading) return [];
      const { version, spread, usualSpread = spread, isCollapsed } = reading;
      return [{ signal: `model:${version}`, group: 'models', atMs: hour.timeMs + hourMs, isStrange: isCollapsed, direction: 'low' as const, count: spread, expected: usualSpread }];
    });
  }

  private async judgeLeaks(endMs: number): Promise<Ruling[]> {
    return (await totalsOfDays(this.client, endMs - dayMs, endMs)).map(({ name, count }) => {
      const cusum = this.leaks.get(name) ?? new DailyCusum();
      this.leaks.set(name, cusum);
      const { alarm, expected = count } = cusum.observe(new Date(endMs - dayMs).getUTCDay(), count);
      return { signal: `leak:${name}`, group: 'leaks', atMs: endMs, isStrange: alarm !== undefined, direction: alarm ?? 'low', count, expected };
    });
  }
}
