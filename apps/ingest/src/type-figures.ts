import type { LineEvent } from '@sp/contracts';
import { metrics } from '@sp/platform';
import { SourceRhythm } from './source-rhythm';

/** Sources with a rhythm of their own; whatever calls itself otherwise beyond these shares one. */
const mostSources = 200;

interface Figures {
  count: number;
  late: number;
  lateMs: number;
  watermarkMs: number;
}

const nothing: Figures = { count: 0, late: 0, lateMs: 0, watermarkMs: 0 };

/** Rates, watermarks and lateness by type of event, for the page of data health. Every event passes here, so the counters are told once a batch. */
export class TypeFigures {
  readonly #types = new Map<string, Figures>();
  readonly #sources = new Map<string, SourceRhythm>();

  see({ type, source, timeMs }: LineEvent): void {
    let figures = this.#types.get(type);
    if (!figures) this.#types.set(type, (figures = { ...nothing }));
    figures.count++;
    const behindMs = this.#rhythmOf(source).lateBy(timeMs);
    if (behindMs > 0) {
      figures.late++;
      figures.lateMs += behindMs;
    }
    if (timeMs > figures.watermarkMs) figures.watermarkMs = timeMs;
  }

  /** After a batch: what was seen since is told. */
  tell(): void {
    for (const [type, { count, late, lateMs, watermarkMs }] of this.#types) {
      if (count === 0) continue;
      metrics.typeAccepted.inc({ type }, count);
      if (late > 0) metrics.typeLate.inc({ type }, late);
      if (late > 0) metrics.typeLateSeconds.inc({ type }, lateMs / 1_000);
      metrics.typeWatermark.set({ type }, watermarkMs / 1_000);
      this.#types.set(type, { ...nothing, watermarkMs });
    }
  }

  #rhythmOf(source: string): SourceRhythm {
    const name = this.#sources.has(source) || this.#sources.size < mostSources ? source : '';
    let rhythm = this.#sources.get(name);
    if (!rhythm) this.#sources.set(name, (rhythm = new SourceRhythm()));
    return rhythm;
  }
}
