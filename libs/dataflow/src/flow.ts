import type { EmittedBy, LineEvent, LineEventOf, Reject, StageName } from '@sp/contracts';
import type { Deltas } from './deltas';
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
  /** What this fold has to add to tables that are merged over all partitions. */
  readonly deltas: Pick<Deltas, 'add'>;
}

/** The event goes on to the next stage, ends here, or is refused: a value, which goes to the dead letters. */
export type Answer = 'pass' | 'drop' | Reject;

/**
 * What happens with an event behind the last tick. Either way it is counted. `count-and-update`: it is folded like any other and updates what
 * it may. `count-and-hand-on`: this fold does not see it; the next stage does. Ticks and what the control log brings are never late.
 */
export type LatePolicy = 'count-and-update' | 'count-and-hand-on';

export interface Fold<S extends StageName> {
  /** Folds one event, once. Answers whether the event itself is handed on to the next stage. */
  onEvent(event: LineEvent, emit: (event: Emitted<S>) => void): Answer;
  /** A timer of this key has come due; `timeMs` is the tick's. */
  onTimer?(key: string, timeMs: number, emit: (event: Emitted<S>) => void): void;
}

/** Work on what the fold emitted that leaves the process (a model); asked once for each frame, never on replay; answers one for one, in order. */
export type Call<S extends StageName> = (events: readonly Emitted<S>[]) => Promise<readonly Emitted<S>[]>;

/** What one stage writes for another one. */
export type Contract = EmittedBy<StageName>;

export interface Flow<S extends StageName> {
  readonly stage: S;
  readonly input: StageName;
  /** What it needs of stages before it; whether each has its one source is looked at when the service starts. */
  readonly consumes: readonly Contract[];
  readonly foldName: string;
  readonly late: LatePolicy;
  readonly openFold: (scope: FoldScope) => Fold<S>;
  readonly callName?: string;
  readonly call?: Call<S>;
}

interface Unfolded<S extends StageName> {
  /** Its name stands in metrics, traces and dead letters. A fold without a policy for late events does not compile. */
  fold(foldName: string, policy: { readonly late: LatePolicy }, openFold: (scope: FoldScope) => Fold<S>): FoldedFlow<S>;
}

/** `flow('scorer').from('feature-store', 'decision.due').fold('retrieve', { late: … }, …).call('score', …).to('scorer')`: one stage, read left to right. */
export function flow<S extends StageName>(stage: S): { from(input: StageName, ...consumes: Contract[]): Unfolded<S> } {
  return { from: (input, ...consumes) => ({ fold: (foldName, { late }, openFold) => new FoldedFlow<S>({ stage, input, consumes, foldName, late, openFold }) }) };
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
