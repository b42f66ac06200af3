import type { LogName } from '@sp/contracts';
import { flow, StageRunner, type Fold, type InputLog } from '@sp/dataflow';
import { LmdbStateStore } from '@sp/lmdb';
import { NatsInputLog, NatsOutputLog } from '@sp/nats';
import type { NatsConnection } from 'nats';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Passed } from './bare-hop';
import type { FilledLog } from './bench-log';

const passAll = (): Fold<'feature-store'> => ({ onEvent: () => 'pass' });
const emptyFlow = flow('feature-store').from('ingest').fold('nothing', { late: 'count-and-update' }, passAll).to('feature-store');

/** The engine as the services run it, with NATS and LMDB, around a fold that does nothing, to its last commit. */
export async function emptyEngine(connection: NatsConnection, input: FilledLog, output: LogName, folder: string, longestMs: number): Promise<Passed> {
  const store = new LmdbStateStore(join(folder, `store-${randomUUID()}`));
  const ending = new AbortController();
  const reader = new NatsInputLog(connection, input.stream);
  let startedAtMs = 0;
  let events = 0;
  const timedInput: InputLog = {
    async *read(from, signal) {
      for await (const message of reader.read(from, signal)) {
        startedAtMs ||= performance.now();
        yield message;
      }
    },
  };
  const runner = new StageRunner({
    flow: emptyFlow, partition: 0, partitions: 1, store, input: timedInput, output: new NatsOutputLog(connection, output), owner: randomUUID(),
    pause: () => new Promise((resume) => setTimeout(resume, 20)),
    observer: {
      batchLogged: (batch) => {
        events += batch.events;
        if (store.position().input === input.frames || performance.now() - startedAtMs > longestMs) ending.abort();
      },
    },
  });
  await runner.run(ending.signal);
  const seconds = (performance.now() - startedAtMs) / 1_000;
  await store.close();
  return { events, seconds };
}
