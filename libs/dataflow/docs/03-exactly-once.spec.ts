import type { DecisionDue, LineEvent } from '@sp/contracts';
import { anEvent } from '@sp/contracts/testing';
import { decodeFrame, encodeFrame, flow, StageRunner } from '../src/index';
import { InMemoryLog, InMemoryStateStore, nastyScenario, simulate } from '../src/testing';
import { describe, expect, it } from 'vitest';

// Chapter 3. Processes die, answers are lost, second writers wake up. What stands in the output log must be as if none of it had happened.

const numbered = (event: LineEvent, count: number): DecisionDue => ({ type: 'decision.due', id: `${event.subject}-${count}`, source: 'chapter', subject: event.subject, timeMs: event.timeMs, data: {} as DecisionDue['data'] });

/** Numbers each client's purchases: to count one twice, or not at all, would show in every later number. */
const numbering = flow('feature-store').from('ingest').fold('number', { late: 'count-and-update' }, ({ state }) => ({
  onEvent(event, emit) {
    const count = (state.get<number>(event.subject) ?? 0) + 1;
    state.put(event.subject, count);
    emit(numbered(event, count));
    return 'drop';
  },
})).to('feature-store');

function fourPurchases(): InMemoryLog {
  const input = new InMemoryLog();
  for (let to = 1; to <= 4; to++) input.push(encodeFrame({ partition: 0, from: to, to, sequencedAtMs: 0, events: [anEvent('transaction.authorised')] }));
  return input;
}

async function live(input: InMemoryLog, output: InMemoryLog, store: InMemoryStateStore, owner: string): Promise<void> {
  const stop = new AbortController();
  const observer = { batchLogged: () => void (store.position().input === input.messages.length && stop.abort()) };
  const runner = new StageRunner({ flow: numbering, partition: 0, partitions: 1, input, output, store, owner, maximumBatchFrames: 2, pause: () => Promise.resolve(), observer });
  await runner.run(stop.signal);
}

const written = (log: InMemoryLog): string[] => log.messages.flatMap(({ bytes }) => decodeFrame(bytes).events.map(({ id }) => id));
const asIfNothingHappened = ['c-1-1', 'c-1-2', 'c-1-3', 'c-1-4'];

/** The disk refuses the commits of those numbers, as if the process had died just then. */
class DyingStore extends InMemoryStateStore {
  commits = 0;

  constructor(private readonly diesAt: number) {
    super();
  }

  override commit(...commit: Parameters<InMemoryStateStore['commit']>): Promise<void> {
    return ++this.commits === this.diesAt ? Promise.reject(new Error('died before the commit')) : super.commit(...commit);
  }
}

describe('exactly once', () => {
  it('died between append and commit: the next life folds the inputs again and does not write them again', async () => {
    const [input, output, store] = [fourPurchases(), new InMemoryLog(), new DyingStore(2)];
    await expect(live(input, output, store, 'first life')).rejects.toThrow('died');
    expect([store.position().input, output.messages.length]).toEqual([2, 4]);
    await live(input, output, store, 'second life');
    expect(written(output)).toEqual(asIfNothingHappened);
    expect(store.position()).toEqual({ input: 4, output: 4 });
  });

  it('lost its whole state: the log still says what is written, so everything is folded and nothing is doubled', async () => {
    const [input, output] = [fourPurchases(), new InMemoryLog()];
    await live(input, output, new InMemoryStateStore(), 'first life');
    await live(input, output, new InMemoryStateStore(), 'second life');
    expect(written(output)).toEqual(asIfNothingHappened);
  });

  it('heard no answer: asks the log how far it is', async () => {
    const [input, output] = [fourPurchases(), new InMemoryLog()];
    let sent = 0;
    output.disturb = () => (++sent % 2 === 1 ? 'lose-answer' : 'none');
    await live(input, output, new InMemoryStateStore(), 'only life');
    expect(written(output)).toEqual(asIfNothingHappened);
  });

  it('all of it together, in any order: a schedule of at least twenty faults follows from its seed, and is compared with an oracle', async () => {
    const { faults } = await simulate(nastyScenario, 2026);
    expect(Object.values(faults).reduce((sum, times) => sum + times)).toBeGreaterThanOrEqual(20);
    // npm run faults -- --schedules 100000 tries as many.
  });
});
