import type { LineEvent, Reject, StageOrigin } from '@sp/contracts';

/** An event that a fold refused, with its place in the input log. */
export interface RejectedEvent extends StageOrigin {
  readonly event: LineEvent;
  readonly reject: Reject;
}

/** What the edge may measure; the runner itself reads no clock. */
export interface StageObserver {
  /** A step of a batch begins: decode, the fold's name, the call's name, encode, append, reject, commit; what is answered is told its end, and how many events went through it. */
  stepBegan?(step: string): (events: number) => void;
  /** A batch is durable in the output log. `late` are events behind the last tick, treated by the flow's policy. `emitted` are what the fold added, replayed ones left out. */
  batchLogged(batch: LoggedBatch): void;
}

export interface LoggedBatch {
  readonly partition: number;
  /** Input positions: with the partition they name the frames at every stage, since one frame makes one. */
  readonly from: number;
  readonly to: number;
  readonly frames: number;
  readonly events: number;
  readonly late: number;
  readonly sequencedAtMs: number;
  readonly emitted: readonly LineEvent[];
}
