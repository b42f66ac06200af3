import { Account } from './account';
import type { Door } from './door';
import { inEventTime } from './event-order';
import type { Mapping } from './mapping';
import { sendAll } from './sender';

export interface ReplayRun {
  readonly mapping: Mapping;
  readonly path: string;
  readonly door: Door;
  readonly account?: Account;
  readonly lineLimit?: number;
  readonly eventsPerSecond?: number;
  readonly isStopped?: () => boolean;
}

/** The door takes up to this many at once. */
const batchEvents = 500;

/** Everything of the input through the door, in event time; the account tells where it all went. */
export async function replay(run: ReplayRun): Promise<Account> {
  const account = run.account ?? new Account();
  const produced = inEventTime(run.mapping.produce({ path: run.path, tally: account, lineLimit: run.lineLimit ?? Infinity }));
  await sendAll(produced, run.door, account, { batchEvents, eventsPerSecond: run.eventsPerSecond ?? Infinity, ...(run.isStopped && { isStopped: run.isStopped }) });
  return account;
}
