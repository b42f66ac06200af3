import type { LineEvent } from '@sp/contracts';
import { metrics } from '@sp/platform';
import { SourceRhythm } from './source-rhythm';

/** Sources with a rhythm of their own; whatever calls itself otherwise beyond these shares one. */
const mostSources = 200;

/** Rates, watermarks and lateness by type of event, for the page of data health. Every event passes here, so the labels are looked up once. */
export class TypeFigures {
  readonly #types = new Map<string, ReturnType<typeof figuresOf>>();
  readonly #sources = new Map<string, SourceRhythm>();

  see({ type, source, timeMs }: LineEvent): void {
    let figures = this.#types.get(type);
    if (!figures) this.#types.set(type, (figures = figuresOf(type)));
    figures.accepted.inc();
    const behindMs = this.#rhythmOf(source).lateBy(timeMs);
    if (behindMs > 0) {
      figures.late.inc();
      figures.lateSeconds.inc(behindMs / 1_000);
    }
    if (timeMs <= figures.watermarkMs) return;
    figures.watermarkMs = timeMs;
    figures.watermark.set(timeMs / 1_000);
  }

  #rhythmOf(source: string): SourceRhythm {
    const name = this.#sources.has(source) || this.#sources.size < mostSources ? source : '';
    let rhythm = this.#sources.get(name);
    if (!rhythm) this.#sources.set(name, (rhythm = new SourceRhythm()));
    return rhythm;
  }
}

function figuresOf(type: string) {
  const label = { type };
  return { accepted: metrics.typeAccepted.labels(label), late: metrics.typeLate.labels(label), lateSeconds: metrics.typeLateSeconds.labels(label), watermark: metrics.typeWatermark.labels(label), watermarkMs: 0 };
}
