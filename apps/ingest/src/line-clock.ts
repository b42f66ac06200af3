import { ownSource, type Tick } from '@sp/contracts';

const dayMs = 86_400_000;
/** How far ahead of the line an event may be before it is taken for a mistake that would drag the clock along. */
const aheadMs = { wall: dayMs, events: 92 * dayMs };
/** In event time: a quarter of an hour is fine enough for due moments, and cheap where months go by in minutes. */
const tickEveryMs = { wall: 1_000, events: 900_000 };

/**
 * The line's time: the wall clock when live, the newest event when a simulation or a replay drives it.
 * A tick says that event time has reached a boundary; it stands before the event that crossed it.
 */
export class LineClock {
  #reachedMs: number;

  constructor(
    private readonly kind: 'wall' | 'events',
    newestMs: number,
    private readonly wallMs: () => number = Date.now,
  ) {
    this.#reachedMs = newestMs;
  }

  nowMs(): number {
    return this.kind === 'wall' ? this.wallMs() : this.#reachedMs;
  }

  isTooFarAhead(timeMs: number): boolean {
    const now = this.nowMs();
    return now > 0 && timeMs > now + aheadMs[this.kind];
  }

  /** The tick that must stand before an event of this time (or before now, when live), if a boundary was crossed. */
  advance(timeMs: number): Tick | undefined {
    const every = tickEveryMs[this.kind];
    const boundaryMs = Math.floor(timeMs / every) * every;
    const crossed = this.#reachedMs > 0 && boundaryMs > Math.floor(this.#reachedMs / every) * every;
    this.#reachedMs = Math.max(this.#reachedMs, timeMs);
    if (!crossed) return undefined;
    return { type: 'clock.ticked', id: `tick-${boundaryMs}`, source: ownSource, subject: 'clock', timeMs: boundaryMs, data: {} };
  }

  /** Wall-clock ticks are asked for; an event moves only the events' clock. */
  advanceBy(timeMs: number): Tick | undefined {
    return this.kind === 'events' ? this.advance(timeMs) : undefined;
  }
}
