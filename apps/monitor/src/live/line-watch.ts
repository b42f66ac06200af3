import { stages, type RatePoint, type StageName, type StageState } from '@sp/contracts';
import { CounterWindow } from './counter-window';
import { parseMetrics, type Sample } from './metrics-text';

const wanted = new Set(['line_lag_seconds', 'stage_events_total', 'events_accepted_total']);
const everyMs = 1000;
const answerWithinMs = 900;
const minuteMs = 60_000;
const keptPoints = 300;

/** Looks at the services' /metrics once a second: lag, rates, and who does not answer. Wall clock throughout. */
export class LineWatch {
  private readonly accepted = new CounterWindow(minuteMs);
  private readonly folded = new Map(stages.map((stage) => [stage, new CounterWindow(minuteMs)]));
  private states = new Map<StageName, StageState>();
  private readonly points: RatePoint[] = [];
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly urls: Readonly<Record<StageName, string>>) {}

  start(): void {
    this.timer = setInterval(() => void this.look(), everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  get stages(): readonly StageState[] {
    return stages.map((stage) => this.states.get(stage) ?? { stage, reachable: false });
  }

  get eventsPerSecond(): number | undefined {
    return this.accepted.perSecond();
  }

  /** Points after that moment, oldest first. */
  ratesSince(atMs: number): readonly RatePoint[] {
    return this.points.filter((point) => point.atMs > atMs);
  }

  async look(): Promise<void> {
    await Promise.all(stages.map((stage) => this.lookAt(stage)));
  }

  private async lookAt(stage: StageName): Promise<void> {
    try {
      const response = await fetch(`${this.urls[stage]}/metrics`, { signal: AbortSignal.timeout(answerWithinMs) });
      if (!response.ok) throw new Error(`${stage} answered ${response.status}`);
      this.take(stage, parseMetrics(await response.text(), wanted), Date.now());
    } catch {
      this.states.set(stage, { stage, reachable: false });
    }
  }

  private take(stage: StageName, samples: readonly Sample[], atMs: number): void {
    const own = samples.filter(({ labels }) => labels['stage'] === stage);
    const lagSeconds = own.find(({ name }) => name === 'line_lag_seconds')?.value;
    const events = own.find(({ name }) => name === 'stage_events_total')?.value;
    const window = this.folded.get(stage);
    if (events !== undefined) window?.see(atMs, events);
    if (stage === 'ingest') this.takeAccepted(samples, atMs);
    const eventsPerSecond = window?.perSecond();
    this.states.set(stage, { stage, reachable: true, ...(lagSeconds !== undefined && { lagSeconds }), ...(eventsPerSecond !== undefined && { eventsPerSecond }) });
  }

  private takeAccepted(samples: readonly Sample[], atMs: number): void {
    const count = samples.find(({ name }) => name === 'events_accepted_total')?.value;
    if (count === undefined) return;
    this.accepted.see(atMs, count);
    const eventsPerSecond = this.accepted.recentPerSecond();
    if (eventsPerSecond === undefined) return;
    this.points.push({ atMs, eventsPerSecond: Math.round(eventsPerSecond * 10) / 10 });
    if (this.points.length > keptPoints) this.points.shift();
  }
}
