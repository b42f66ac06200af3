export { FencedAppender, FencedError } from './fenced-appender';
export { flow, type Call, type Emitted, type Flow, type Fold, type FoldScope } from './flow';
export { decodeFrame, encodeFrame, FrameError, maximumFrameBytes, type Frame } from './frame';
export { KeyedState } from './keyed-state';
export type { AppendResult, Fence, InputLog, LastFrame, LogMessage, OutputFrame, OutputLog } from './log.port';
export { Sequencer, type SequencerOptions, type Verdict } from './sequencer';
export { StageRunner, type StageObserver, type StageRunnerOptions } from './stage-runner';
export type { CommittedPosition, StateCommit, StateStore } from './state-store.port';
export { Timers } from './timers';
