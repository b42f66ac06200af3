import type { EmittedBy, LineEvent, LineEventOf, StageName } from '@sp/contracts';
import type { KeyedState } from './keyed-state';
import type { Timers } from './timers';

/** What a stage may add to its log; another event does not compile. */
export type Emitted<S extends StageName> = LineEventOf<EmittedBy<S>>;

/** What a fold of one partition works with. It has no clock, no network and no randomness: time is the event's. */
export interface FoldScope {
  readonly partition: number;
  readonly partitions: number;
  readonly state: KeyedState;
  readonly timers: Timers;
}

export interface Fold<S extends StageName> {
  /** Folds one event, once. Answers whether the event itself is handed on to the next stage. */
  onEvent(event: LineEvent, emit: (event: Emitted<S>) => void): 'pass' | 'drop';
  /** A timer of this key has come due; `timeMs` is the tick's. */
  onTimer?(key: string, timeMs: number, emit: (event: Emitted<S>) => void): void;
}

/** Work on what the fold emitted that leaves the process (a model); asked once for each frame, never on replay; answers one for one, in order. */
export type Call<S extends StageName> = (events: readonly Emitted<S>[]) => Promise<readonly Emitted<S>[]>;

export interface Flow<S extends StageName> {
  readonly stage: S;
  readonly input: StageName;
  readonly foldName: string;
  readonly openFold: (scope: FoldScope) => Fold<S>;
  readonly callName?: string;
  readonly call?: Call<S>;
}

/** `flow('scorer').from('feature-store').fold('retrieve', …).call('score', …).to('scorer')`: one stage, read left to right. */
export function flow<S extends StageName>(stage: S): {
  from(input: StageName): { fold(foldName: string, openFold: (scope: FoldScope) => Fold<S>): FoldedFlow<S> };
} {
  return { from: (input) => ({ fold: (foldName, openFold) => new FoldedFlow<S>({ stage, input, foldName, openFold }) }) };
}

class FoldedFlow<S extends StageName> {
  constructor(private readonly parts: Flow<S>) {}

  call(callName: string, call: Call<S>): FoldedFlow<S> {
    return new FoldedFlow<S>({ ...this.parts, callName, call });
  }

  /** The log that it writes is its own, always. */
  to(stage: S): Flow<S> {
    if (stage !== this.parts.stage) throw new Error(`the flow ${this.parts.stage} writes its own log, not ${stage}`);
    return this.parts;
  }
}
