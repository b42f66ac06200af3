import type { Produced } from './produced';

/** Counts physical lines as they leave the disk, apart from what a mapping says of them: the account compares the two. */
export interface LineTally {
  linesRead: number;
}

export interface ReplayInput {
  /** A file or a folder, as the mapping wants it. */
  readonly path: string;
  readonly tally: LineTally;
  /** At most so many lines of events (headers and master data not counted). */
  readonly lineLimit: number;
}

export interface Mapping {
  readonly name: string;
  /** Whether the data are real, where the mapping knows: stands beside every figure that comes of them. */
  readonly provenance?: string;
  /** Everything of the input as events in the order of event time, and what could not become one. */
  produce(input: ReplayInput): AsyncIterable<Produced>;
}
