import { correctionRules, type CorrectionRule, type DataHealth, type EventStreamHealth } from '@sp/contracts';
import { CounterWindow } from './counter-window';
import { parseMetrics, type Sample } from './metrics-text';

const names = {
  accepted: 'events_accepted_total', duplicates: 'events_duplicate_total', refused: 'events_rejected_total', corrections: 'corrections_total', doorClosed: 'door_closed',
  typeAccepted: 'event_type_accepted_total', typeLate: 'event_type_late_total', typeLateSeconds: 'event_type_late_seconds_total', typeWatermark: 'event_type_watermark_seconds',
} as const;
const wanted: ReadonlySet<string> = new Set(Object.values(names));
const everyMs = 2_000;
const answerWithinMs = 1_500;
const minuteMs = 60_000;

const nothing: DataHealth = { atMs: 0, isReachable: false, isDoorClosed: false, accepted: 0, duplicates: 0, refused: 0, streams: [], corrections: [] };

/** Looks at ingest's /metrics: what comes in, how late, and what was corrected or refused of it. Wall clock throughout. */
export class DoorWatch {
  readonly #rates = new Map<string, CounterWindow>();
  #health = nothing;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** `onLook` is told of every look. */
  constructor(private readonly ingestUrl: string, private readonly onLook: (health: DataHealth) => void = () => undefined) {}

  start(): void {
    this.#timer = setInterval(() => void this.look(), everyMs);
    void this.look();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  get health(): DataHealth {
    return this.#health;
  }

  async look(): Promise<void> {
    try {
      const response = await fetch(`${this.ingestUrl}/metrics`, { signal: AbortSignal.timeout(answerWithinMs) });
      if (!response.ok) throw new Error(`ingest answered ${response.status}`);
      this.#health = this.#healthOf(parseMetrics(await response.text(), wanted), Date.now());
      this.onLook(this.#health);
    } catch {
      this.#health = { ...this.#health, isReachable: false };
    }
  }

  #healthOf(samples: readonly Sample[], atMs: number): DataHealth {
    const sum = (name: string): number => samples.filter((sample) => sample.name === name).reduce((total, { value }) => total + value, 0);
    const streams = samples.filter(({ name }) => name === names.typeAccepted).map(({ labels, value }) => this.#streamOf(labels['type'] ?? '', value, samples, atMs));
    return {
      atMs, isReachable: true, isDoorClosed: sum(names.doorClosed) > 0, accepted: sum(names.accepted), duplicates: sum(names.duplicates), refused: sum(names.refused),
      ...(streams.length > 0 && { watermarkMs: Math.max(...streams.map(({ watermarkMs }) => watermarkMs)) }),
      streams: streams.sort((a, b) => b.accepted - a.accepted),
      corrections: samples.filter(({ name }) => name === names.corrections).map(({ labels, value }) => countOf(labels['rule'] ?? '', value)).sort((a, b) => b.count - a.count),
    };
  }

  #streamOf(type: string, accepted: number, samples: readonly Sample[], atMs: number): EventStreamHealth {
    const own = (wantedName: string): number => samples.find(({ name, labels }) => name === wantedName && labels['type'] === type)?.value ?? 0;
    const rate = this.#rates.get(type) ?? new CounterWindow(minuteMs);
    this.#rates.set(type, rate);
    rate.see(atMs, accepted);
    const [perSecond, late] = [rate.perSecond(), own(names.typeLate)];
    return { type, accepted, watermarkMs: 1_000 * own(names.typeWatermark), late, ...(perSecond !== undefined && { perSecond }), ...(late > 0 && { meanLatenessSeconds: own(names.typeLateSeconds) / late }) };
  }
}

function countOf(rule: string, count: number): DataHealth['corrections'][number] {
  return { rule, count, meaning: Object.hasOwn(correctionRules, rule) ? correctionRules[rule as CorrectionRule] : '' };
}
