import { packDecision, partitionOf, readDecision, stageLog, type DecisionRecord, type LineEvent } from '@sp/contracts';
import { StageRunner, type OutputLog } from '@sp/dataflow';
import { InMemoryStateStore } from '@sp/dataflow/testing';
import { LmdbStateStore } from '@sp/lmdb';
import { NatsInputLog } from '@sp/nats';
import { recommenderFlow } from '@sp/flows';
import { alwaysOnExperiment, citedExperiment, decide, inputFromRecord, type ExperimentPolicy } from '@sp/offers';
import { Refusal } from '@sp/testing';
import type { NatsConnection } from 'nats';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface Recomputed {
  /** Does the pure decision, made of the record's own inputs, come to the same? */
  readonly fromRecord: 'same' | 'different' | 'no-inputs';
  /** Does the fold, replayed over the log from its beginning? `log-cut`: retention has taken the beginning. `other-experiment`: its split is not known here. */
  readonly fromLog: 'same' | 'different' | 'not-found' | 'log-cut' | 'other-experiment';
  readonly frames: number;
  readonly firstFrame: number;
  /** Where the replay began: 0, or where the given state stands. */
  readonly from: number;
}

/**
 * Decides again: from the record, and by replaying the recommender's fold over the scorer's log in memory; nothing is written. The replay
 * begins with the log, or with `stateFolder`, a copy of the recommender's DATA_FOLDER from before the decision.
 */
export async function recompute(record: DecisionRecord, connection: NatsConnection, partitions: number, stateFolder?: string): Promise<Recomputed> {
  const input = inputFromRecord(record);
  const fromRecord = !input ? 'no-inputs' : isSame(asCited(decide(input).record, record), record) ? 'same' : 'different';
  const partition = partitionOf(record.clientId, partitions);
  const { stream } = stageLog('scorer', partition);
  const { state } = await (await connection.jetstreamManager()).streams.info(stream);
  const store = stateFolder === undefined ? new InMemoryStateStore() : await copyOf(join(stateFolder, `partition-${partition}`));
  const from = store.position().input;
  const range = { frames: state.last_seq, firstFrame: state.first_seq, from };
  if (state.first_seq > from + 1) return { fromRecord, fromLog: 'log-cut', ...range };
  // An experiment of the bank's own is steered by the log itself, within the standard one.
  const experiment = record.experimentArm === undefined ? citedExperiment(record) : alwaysOnExperiment;
  if (!experiment) return { fromRecord, fromLog: 'other-experiment', ...range };
  const again = await replay(record.decisionId, connection, { stream, partition, partitions, last: state.last_seq, experiment, store });
  return { fromRecord, fromLog: !again ? 'not-found' : isSame(again, record) ? 'same' : 'different', ...range };
}

/** What the fold adds to the pure decision: the version of what it knew of merchants, and that another system makes the offers. */
function asCited(again: DecisionRecord, { versions, outcome }: DecisionRecord): DecisionRecord {
  const isShadow = outcome === 'ghost' && again.outcome === 'offer';
  return { ...again, versions: { ...versions, ...again.versions }, ...(isShadow && { outcome }) };
}

interface Replay {
  readonly stream: string;
  readonly partition: number;
  readonly partitions: number;
  readonly last: number;
  readonly experiment: ExperimentPolicy;
  readonly store: InMemoryStateStore;
}

async function replay(decisionId: string, connection: NatsConnection, { stream, partition, partitions, last, experiment, store }: Replay): Promise<DecisionRecord | undefined> {
  if (store.position().input >= last) return undefined;
  const stop = new AbortController();
  let found: DecisionRecord | undefined;
  let folded = store.position().input;
  const batchLogged = ({ frames, emitted }: { readonly frames: number; readonly emitted: readonly LineEvent[] }): void => {
    for (const event of emitted) if (event.type === 'decision.made' && event.data.decisionId === decisionId) found = readDecision(event.data);
    folded += frames;
    if (found || folded >= last) stop.abort();
  };
  await new StageRunner({
    flow: recommenderFlow(experiment), partition, partitions, input: new NatsInputLog(connection, stream), output: nowhere(), store, owner: 'recompute',
    pause: () => Promise.resolve(), observer: { batchLogged },
  }).run(stop.signal);
  return found;
}

/** In memory, so that the replay leaves the copy as it is. */
async function copyOf(folder: string): Promise<InMemoryStateStore> {
  if (!existsSync(folder)) throw new Refusal(`${folder} does not exist: --state names a copy of the recommender's DATA_FOLDER`);
  const kept = new LmdbStateStore(folder);
  const copy = new InMemoryStateStore();
  await copy.commit({ position: kept.position(), values: new Map([...kept.entries('')].map(([key, value]) => [key, Uint8Array.from(value)])), timers: new Map(kept.timers()) });
  await kept.close();
  return copy;
}

/** Takes every frame and keeps none. */
function nowhere(): OutputLog {
  let sequence = 0;
  return { last: () => Promise.resolve(undefined), append: () => Promise.resolve({ kind: 'stored', sequence: ++sequence }) };
}

/** As logs and JSON keep them: values are rounded, and one that is not known is null. */
function isSame(again: DecisionRecord, record: DecisionRecord): boolean {
  return canonical(readDecision(packDecision(again))) === canonical(readDecision(packDecision(record)));
}

function canonical(record: DecisionRecord): string {
  const sorted = (_: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
  const { replySubject: _reply, timeMs: _time, explanation: _explanation, ...plain } = record as DecisionRecord & { replySubject?: string; timeMs?: number; explanation?: unknown };
  return JSON.stringify(JSON.parse(JSON.stringify(plain)), sorted);
}
