/** One message of a log: one frame, or what a door's stream holds. `pending` is how many more stand behind it. */
export interface LogMessage {
  readonly sequence: number;
  readonly pending: number;
  readonly bytes: Uint8Array;
}

/** Reads a log in order from a position of the reader's own; nobody acknowledges anything. */
export interface InputLog {
  /** Every message with `sequence >= from`, then those that come; ends when `signal` aborts. A gap (retention passed the reader) throws. */
  read(from: number, signal: AbortSignal): AsyncIterable<LogMessage>;
}

/** A frame as it is appended: `to` is its last input position and its name in the chain. */
export interface OutputFrame {
  readonly from: number;
  readonly to: number;
  readonly bytes: Uint8Array;
}

/** What must stand last in the log for an append to be taken. */
export type Fence = { readonly lastSequence: number } | { readonly lastId: string };

export type AppendResult =
  | { readonly kind: 'stored'; readonly sequence: number }
  /** Something else stands last: another writer, or an earlier append of ours whose answer was lost. */
  | { readonly kind: 'fenced' }
  /** Time-out or a broken connection: stored or not, nobody knows. */
  | { readonly kind: 'unknown'; readonly cause: unknown };

export interface LastFrame {
  readonly sequence: number;
  /** NaN where the frame itself is gone by retention and only its sequence is known. */
  readonly to: number;
  /** Message id, `<to>:<owner>`. */
  readonly id: string;
}

/** The tail of a log with one writer at a time. */
export interface OutputLog {
  last(): Promise<LastFrame | undefined>;
  append(frame: OutputFrame, id: string, fence: Fence): Promise<AppendResult>;
}
