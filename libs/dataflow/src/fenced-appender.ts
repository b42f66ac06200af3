import type { LastFrame, OutputFrame, OutputLog } from './log.port';
import type { CommittedPosition } from './state-store.port';

/** Another writer owns this log now: stop, hand over, never try again by oneself. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
}

export interface FencedAppenderOptions {
  /** Unique to this run of this process: tells our frames from another writer's. */
  readonly owner: string;
  /** Appends under way at once; the id chain keeps their order. */
  readonly maximumInFlight?: number;
  /** Waits before a try after an unknown result; the edge owns the clock. */
  readonly pause: (attempt: number) => Promise<void>;
}

/**
 * Appends frames exactly once and in order, trusting no acknowledgement.
 *
 * The first append after a start or a doubt goes alone and names the sequence that must be last; the following name their
 * predecessor's id. After anything but `stored` the log's own last message says how far we got; the rest is sent again.
 * A last message that is neither ours nor the one we continued from is another owner's.
 */
export class FencedAppender {
  #last: LastFrame | undefined;
  #synced = false;

  constructor(
    private readonly log: OutputLog,
    private readonly options: FencedAppenderOptions,
  ) {}

  /**
   * Reads the log's end and answers its watermark: inputs up to `to` are in the log already.
   * Where retention has taken the last frame, the committed position stands in for it, if it is the one of that very frame.
   */
  async open(committed: CommittedPosition): Promise<{ readonly to: number; readonly sequence: number }> {
    const last = await this.#readLast();
    if (last && Number.isNaN(last.to) && last.sequence !== committed.output) {
      throw new Error(`the log's last frame (${last.sequence}) is gone by retention and the state stands at ${committed.output}: restore a newer state, or begin a new data folder`);
    }
    this.#last = last && Number.isNaN(last.to) ? { ...last, to: committed.input } : last;
    return this.#last ?? { to: 0, sequence: 0 };
  }

  /** Resolves with the last sequence when every frame is durably in the log. Throws FencedError when another writer took over. */
  async append(frames: readonly OutputFrame[]): Promise<number> {
    let rest = frames;
    for (let attempt = 0; rest.length > 0; attempt++) {
      if (attempt > 0) {
        await this.options.pause(attempt);
        rest = await this.#resync(rest);
        if (rest.length === 0) break;
      }
      rest = await this.#send(rest);
    }
    return this.#last?.sequence ?? 0;
  }

  /** Sends in order; answers what is not known to be stored. */
  async #send(frames: readonly OutputFrame[]): Promise<readonly OutputFrame[]> {
    let next = 0;
    if (!this.#synced) {
      const first = frames[0]!;
      const result = await this.log.append(first, this.#idOf(first), { lastSequence: this.#last?.sequence ?? 0 });
      if (result.kind !== 'stored') return frames;
      this.#advance(first, result.sequence);
      this.#synced = true;
      next = 1;
    }
    const window = this.options.maximumInFlight ?? 4;
    while (next < frames.length) {
      const group = frames.slice(next, next + window);
      const previous = [this.#last!.id, ...group.map((frame) => this.#idOf(frame))];
      const results = await Promise.all(group.map((frame, place) => this.log.append(frame, this.#idOf(frame), { lastId: previous[place]! })));
      for (const [place, result] of results.entries()) {
        if (result.kind !== 'stored') {
          this.#synced = false;
          return frames.slice(next + place);
        }
        this.#advance(group[place]!, result.sequence);
      }
      next += group.length;
    }
    return [];
  }

  /** After a doubt: what of these frames is in the log already? */
  async #resync(frames: readonly OutputFrame[]): Promise<readonly OutputFrame[]> {
    this.#synced = false;
    const last = await this.#readLast();
    const known = this.#last;
    // Nothing came since: what we know of the last frame stands, even if retention has taken the frame itself meanwhile.
    if (last?.sequence === known?.sequence) return frames;
    const isOurs = frames.some((frame) => this.#idOf(frame) === last?.id);
    if (!isOurs) throw new FencedError(`another writer owns this log: its last frame is ${last?.id ?? 'gone'}, ours was ${known?.id ?? 'none'}`);
    this.#last = last;
    return frames.filter((frame) => frame.to > (last?.to ?? 0));
  }

  async #readLast(): Promise<LastFrame | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.log.last();
      } catch {
        // The outside is away: nothing can be decided without the log's end, so wait for it.
        await this.options.pause(attempt);
      }
    }
  }

  #advance(frame: OutputFrame, sequence: number): void {
    this.#last = { sequence, to: frame.to, id: this.#idOf(frame) };
  }

  #idOf(frame: OutputFrame): string {
    return `${frame.to}:${this.options.owner}`;
  }
}
