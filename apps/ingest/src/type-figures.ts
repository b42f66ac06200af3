import type { LineEvent } from '@sp/contracts';
import { metrics } from '@sp/platform';

/** What a sender's clocks and batches may be apart before an event is called late. */
const toleratedMs = 1_000;

/** Rates, watermarks and lateness by type of event, for the page of data health. Every event passes here, so the labels are looked up once. */
export class TypeFigures {
  readonly #types = new Map<string, ReturnType<typeof figuresOf>>();
  #newestMs = 0;

  see({ type, timeMs }: LineEvent): void {
    let figures = this.#types.get(type);
    if (!figures) this.#types.set(type, (figures = figuresOf(type)));
    figures.accepted.inc();
    if (timeMs < this.#newestMs - toleratedMs) {
      figures.late.inc();
      figures.lateSeconds.inc((this.#newestMs - timeMs) / 1_000);
    }
    this.#newestMs = Math.max(this.#newestMs, timeMs);
    if (timeMs <= figures.watermarkMs) return;
    figures.watermarkMs = timeMs;
    figures.watermark.set(timeMs / 1_000);
  }
}

function figuresOf(type: string) {
  const label = { type };
  return { accepted: metrics.typeAccepted.labels(label), late: metrics.typeLate.labels(label), lateSeconds: metrics.typeLateSeconds.labels(label), watermark: metrics.typeWatermark.labels(label), watermarkMs: 0 };
}
