import type { AppendResult, Fence, LastFrame, OutputFrame, OutputLog } from './log.port';
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

/** Somebody who waits until the frame `to` is durable. */
interface Waiting {
  readonly to: number;
  readonly resolve: (sequence: number) => void;
  readonly reject: (error: unknown) => void;
}

/** So many times what is in flight may wait for its answer or its turn: the next frames are ready when a slot is free. */
const windowsKept = 2;

/**
 * Appends frames exactly once and in order, trusting no acknowledgement.
 *
 * The first append after a start or a doubt goes alone and names the sequence that must be last; the following name their
 * predecessor's id. After anything but `stored` the log's own last message says how far we got; the rest is sent again.
 * A last message that is neither ours nor the one we continued from is another owner's.
 *
 * Frames are kept in flight all the time: whoever makes them adds the next ones while earlier ones are under way. New ones go out when half
 * of the window is free, two in one write to the socket; one by one costs a fifth more CPU where frames are small.
 */
export class FencedAppender {
  #last: LastFrame | undefined;
  #synced = false;
  /** Added and not known to be stored, oldest first. The first of them are under way. */
  readonly #queue: OutputFrame[] = [];
  readonly #underWay: Promise<AppendResult>[] = [];
  readonly #window: number;
  #waiting: Waiting[] = [];
  #isWorking = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(
    private readonly log: OutputLog,
    private readonly options: FencedAppenderOptions,
  ) {
    this.#window = options.maximumInFlight ?? 4;
  }

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

  /** Resolves with the last sequence when every frame is durably in the log. */
  append(frames: readonly OutputFrame[]): Promise<number> {
    for (const frame of frames) this.add(frame);
    return this.durable();
  }

  /** Takes a frame behind those added before; it is sent as soon as its turn comes. */
  add(frame: OutputFrame): void {
    // Whoever asks next for room or durability is told.
    if (this.#failure) return;
    this.#queue.push(frame);
    if (this.#isWorking) this.#fill();
    else void this.#work();
  }

  /** Resolves when there is room for one more; whoever adds without asking has no bound. Rejects like `durable`. */
  async room(): Promise<void> {
    const mostKept = windowsKept * this.#window;
    while (this.#queue.length >= mostKept) await this.#stored(this.#queue[this.#queue.length - mostKept]!.to);
  }

  /** Resolves with the last sequence when every frame added so far is durably in the log. Rejects with FencedError when another writer took over. */
  durable(): Promise<number> {
    const last = this.#queue.at(-1);
    return last ? this.#stored(last.to) : Promise.resolve(this.#last?.sequence ?? 0);
  }

  #stored(to: number): Promise<number> {
    const stored = new Promise<number>((resolve, reject) => (this.#failure ? reject(this.#failure.error as Error) : void this.#waiting.push({ to, resolve, reject })));
    // It may be awaited later than it fails.
    stored.catch(() => undefined);
    return stored;
  }

  /** Until nothing is left to send, or for ever fails. */
  async #work(): Promise<void> {
    this.#isWorking = true;
    try {
      for (let attempt = 0; this.#queue.length > 0; ) {
        this.#fill();
        const result = await this.#underWay[0]!;
        if (result.kind !== 'stored') await this.#resync(++attempt);
        else {
          attempt = 0;
          this.#synced = true;
          void this.#underWay.shift();
          this.#advance(result.sequence);
        }
      }
    } catch (error) {
      this.#failure = { error };
      for (const { reject } of this.#waiting) reject(error);
    }
    this.#isWorking = false;
  }

  /** Sends in order what the window has room for. */
  #fill(): void {
    const window = this.#synced ? this.#window : 1;
    if (this.#underWay.length > window / 2) return;
    for (let next = this.#underWay.length; next < Math.min(window, this.#queue.length); next++) {
      const fence = this.#synced ? { lastId: next === 0 ? this.#last!.id : this.#idOf(this.#queue[next - 1]!) } : { lastSequence: this.#last?.sequence ?? 0 };
      const sent = this.#send(this.#queue[next]!, fence);
      // What throws ends the work when its turn to be heard comes.
      sent.catch(() => undefined);
      this.#underWay.push(sent);
    }
  }

  async #send(frame: OutputFrame, fence: Fence): Promise<AppendResult> {
    return this.log.append(frame, this.#idOf(frame), fence);
  }

  /** After a doubt: what of these frames is in the log already? */
  async #resync(attempt: number): Promise<void> {
    this.#synced = false;
    // Nothing of ours may still be on its way when the log's end is read.
    await Promise.all(this.#underWay);
    await this.options.pause(attempt);
    const last = await this.#readLast();
    const known = this.#last;
    this.#underWay.length = 0;
    // Nothing came since: what we know of the last frame stands, even if retention has taken the frame itself meanwhile.
    if (last?.sequence === known?.sequence) return;
    const place = this.#queue.findIndex((frame) => this.#idOf(frame) === last?.id);
    const isOurs = place >= 0;
    if (!isOurs) throw new FencedError(`another writer owns this log: its last frame is ${last?.id ?? 'gone'}, ours was ${known?.id ?? 'none'}`);
    // Each names its predecessor, so that nothing of anybody else's stands between them.
    for (let before = place; before >= 0; before--) this.#advance(last!.sequence - before);
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

  /** The oldest frame is in the log. */
  #advance(sequence: number): void {
    const frame = this.#queue.shift()!;
    this.#last = { sequence, to: frame.to, id: this.#idOf(frame) };
    for (const { to, resolve } of this.#waiting) if (to <= frame.to) resolve(sequence);
    this.#waiting = this.#waiting.filter(({ to }) => to > frame.to);
  }

  #idOf(frame: OutputFrame): string {
    return `${frame.to}:${this.options.owner}`;
  }
}
