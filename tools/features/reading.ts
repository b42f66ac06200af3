import { KeyedState, type StateStore } from '@sp/dataflow';
import { ClientStates, featureNames, profileOf, vectorOf } from '@sp/features';

export interface ReadingSpeed {
  readonly p50Microseconds: number;
  readonly p99Microseconds: number;
  readonly clientsASecond: number;
}

export interface ReadingResult {
  /** Only the bytes of a client, out of the store. */
  readonly bare: ReadingSpeed;
  /** All that `GET /v1/clients/:id/features` does between its request and its bytes. */
  readonly one: ReadingSpeed;
  /** `POST /v1/features`; its percentiles are of the whole batch. */
  readonly batch: ReadingSpeed;
}

const reads = 4_000;
const batchClients = 500;

/** Reads clients evenly from a store, by turns, so that all meet the same machine. */
export function measureReading(store: StateStore, clientOf: (number: number) => string): ReadingResult {
  const spread = (number: number): string => clientOf((number * 7_919_317) % 1_000_003);
  const bare = new Stopwatch(1);
  const one = new Stopwatch(1);
  const batch = new Stopwatch(batchClients);
  for (let number = 0; number < reads; number++) {
    bare.time(() => store.get(`client:${spread(number)}`));
    one.time(() => JSON.stringify(answerFor(store, spread(number + reads))));
    if (number % (reads / 20) === 0) batch.time(() => JSON.stringify(Array.from({ length: batchClients }, (_, place) => answerFor(store, spread(2 * reads + number * batchClients + place)))));
  }
  return { bare: bare.speed(), one: one.speed(), batch: batch.speed() };
}

/** As the feature store answers. */
function answerFor(store: StateStore, clientId: string): unknown {
  const client = new ClientStates(new KeyedState(store)).get(clientId);
  if (!client) throw new Error(`${clientId} is not stored`);
  const vector = vectorOf(client, client.lastEventMs);
  return { clientId, features: Object.fromEntries(featureNames.map((name, place) => [name, Number.isFinite(vector[place]) ? vector[place] : null])), profile: profileOf(client) };
}

class Stopwatch {
  readonly #microseconds: number[] = [];

  constructor(private readonly clientsATime: number) {}

  time(work: () => unknown): void {
    const beganMs = performance.now();
    work();
    this.#microseconds.push((performance.now() - beganMs) * 1_000);
  }

  speed(): ReadingSpeed {
    const sorted = this.#microseconds.sort((a, b) => a - b);
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
    const sum = sorted.reduce((total, one) => total + one, 0);
    return { p50Microseconds: at(0.5), p99Microseconds: at(0.99), clientsASecond: (1e6 * this.clientsATime * sorted.length) / sum };
  }
}
