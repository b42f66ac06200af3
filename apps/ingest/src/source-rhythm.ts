import { addTo, emptyEstimate, valueOf } from '@sp/cleaning';

/** What a sender's clocks may be apart before an event is called late. */
const toleratedMs = 1_000;
/** Three of four events of a source are on time by what is meant here, whatever its habit; and twice as late as these is out of it. */
const onTimeShare = 0.75;
const outOfRhythm = 2;

/**
 * How late the events of one source are by its own habit. A source that sends each hour at once, in any order, is behind its newest event by up
 * to an hour and nothing of it is late; one that sends each event as it happens is late by seconds. Event time alone; constant space.
 */
export class SourceRhythm {
  readonly #behind = emptyEstimate(onTimeShare);
  #newestMs = -Infinity;

  /** How far it is behind the source's newest event, where that is out of the source's rhythm; else 0. */
  lateBy(timeMs: number): number {
    const behindMs = Math.max(0, this.#newestMs - timeMs);
    const usualMs = this.#behind.count === 0 ? 0 : valueOf(this.#behind);
    this.#newestMs = Math.max(this.#newestMs, timeMs);
    addTo(this.#behind, behindMs);
    return behindMs > toleratedMs + outOfRhythm * usualMs ? behindMs : 0;
  }
}
