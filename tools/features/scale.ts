import { contactLimits, uniform, type LineEventOf } from '@sp/contracts';
import { KeyedState } from '@sp/dataflow';
import { CampaignTable, ClientStates, foldClient, MerchantTable, packClient, type ClientEvent, type Reference } from '@sp/features';
import { LmdbStateStore } from '@sp/lmdb';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureReading, type ReadingResult } from './reading';

export interface ScaleResult {
  readonly clients: number;
  readonly eventsACpuSecond: number;
  readonly microsecondsAnEvent: number;
  /** The fold alone, over clients that stay in memory. */
  readonly foldMicroseconds: number;
  readonly stateBytes: number;
  /** Of the process's own; the rest of what it occupies are pages of the store's file, which the machine may take back. */
  readonly ownMegabytes: number;
  readonly residentMegabytes: number;
  readonly storedMegabytes: number;
  readonly reading: ReadingResult;
}

const dayMs = 86_400_000;
const beginMs = Date.UTC(2026, 0, 5);
const historyDays = 120;
const templates = 200;
/** As many as a stage takes together before it commits: 32 frames of 256 events. */
const batchEvents = 8_192;
const merchants = 400;
const mccs = [5411, 5812, 5814, 5462, 5651, 4111, 5541, 5912, 7832, 5732];

/**
 * One partition's fold, its state in memory and in LMDB, as a stage runs it, without the logs. Clients are drawn evenly, the worst case
 * for what is kept in memory; each begins with four months behind him.
 */
export async function measureScale(clients: number, events: number, hotMegabytes: number): Promise<ScaleResult> {
  const folder = mkdtempSync(join(tmpdir(), 'sp-scale-'));
  const store = new LmdbStateStore(folder);
  try {
    const reference = aCountry();
    const packed = Array.from({ length: templates }, (_, template) => packClient(aClient(template, reference)));
    await fill(store, clients, packed);
    const state = new KeyedState(store, Infinity, hotMegabytes * 2 ** 20);
    const states = new ClientStates(state);
    // What is measured begins with memory filled as it will be.
    await run({ store, state, states, reference, clients, events: Math.min(events, 2 * clients, 120_000), from: 0 });
    const seconds = await run({ store, state, states, reference, clients, events, from: events });
    return {
      clients, eventsACpuSecond: events / seconds, microsecondsAnEvent: (seconds * 1e6) / events, foldMicroseconds: foldAlone(reference),
      stateBytes: packed.reduce((sum, bytes) => sum + bytes.length, 0) / templates,
      ownMegabytes: ownMegabytes(), residentMegabytes: process.memoryUsage().rss / 1e6, reading: measureReading(store, (number) => `client-${number % clients}`), storedMegabytes: statSync(join(folder, 'data.mdb')).size / 1e6,
    };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const columns: readonly (readonly [title: string, width: number, cell: (result: ScaleResult, first: ScaleResult) => string])[] = [
  ['clients', 10, ({ clients }) => clients.toLocaleString('en-US')],
  ['ev./CPU s', 11, ({ eventsACpuSecond }) => Math.round(eventsACpuSecond).toLocaleString('en-US')],
  ['ratio', 7, ({ eventsACpuSecond }, first) => (eventsACpuSecond / first.eventsACpuSecond).toFixed(2)],
  ['us/event', 10, ({ microsecondsAnEvent }) => microsecondsAnEvent.toFixed(1)],
  ['fold only', 11, ({ foldMicroseconds }) => foldMicroseconds.toFixed(1)],
  ['own MB', 8, ({ ownMegabytes: own }) => own.toFixed(0)],
  ['RSS MB', 8, ({ residentMegabytes }) => residentMegabytes.toFixed(0)],
  ['LMDB MB', 9, ({ storedMegabytes }) => storedMegabytes.toFixed(0)],
];

export function scaleText(results: readonly ScaleResult[]): string {
  const [first] = results;
  if (!first) return '';
  const head = columns.map(([title, width]) => title.padStart(width)).join('');
  const rows = results.map((result) => columns.map(([, width, cell]) => cell(result, first).padStart(width)).join(''));
  const readings = results.map(({ clients, reading }) => readingText(clients, reading));
  return `${[head, ...rows, `state of a client with ${historyDays} days behind him: ${Math.round(first.stateBytes)} bytes on average`, '', ...readings].join('\n')}\n`;
}

function readingText(clients: number, { bare, one, batch }: ReadingResult): string {
  const of = ({ p50Microseconds, p99Microseconds, clientsASecond }: typeof bare): string => `p50 ${p50Microseconds.toFixed(1)} us, p99 ${p99Microseconds.toFixed(1)} us, ${Math.round(clientsASecond).toLocaleString('en-US')} clients/s`;
  const times = (reading: typeof bare): string => `${(bare.clientsASecond / reading.clientsASecond).toFixed(1)} bare reads a client; p99 ${(reading.p99Microseconds / bare.p99Microseconds).toFixed(1)} times the bare one's`;
  return [`reading with ${clients.toLocaleString('en-US')} clients`, `  bare LMDB read      ${of(bare)}`, `  one client's answer ${of(one)} = ${times(one)}`, `  batch of 500        ${of(batch)} = ${(bare.clientsASecond / batch.clientsASecond).toFixed(1)} bare reads a client`].join('\n');
}

/** Where the system tells; elsewhere all that is resident. */
function ownMegabytes(): number {
  try {
    return Number(/RssAnon:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1e3;
  } catch {
    return process.memoryUsage().rss / 1e6;
  }
}

interface Run {
  readonly store: LmdbStateStore;
  readonly state: KeyedState;
  readonly states: ClientStates;
  readonly reference: Reference;
  readonly clients: number;
  readonly events: number;
  readonly from: number;
}

/** Answers the processor seconds that folding and storing took: the clock would measure what else the machine does. */
async function run({ store, state, states, reference, clients, events, from }: Run): Promise<number> {
  let seconds = 0;
  for (let at = from; at < from + events; at += batchEvents) {
    const batch = Array.from({ length: Math.min(batchEvents, from + events - at) }, (_, place) => anEvent(`client-${Math.floor(uniform('who', at + place) * clients)}`, at + place, beginMs + historyDays * dayMs + (at + place) * 50));
    const began = cpuSeconds();
    for (const event of batch) {
      const { state: next } = foldClient(states.get(event.subject), event, reference);
      if (next) states.put(event.subject, next);
    }
    await store.commit({ position: { input: at, output: at }, values: state.takeChanges(), timers: new Map() });
    state.trim();
    seconds += cpuSeconds() - began;
  }
  return seconds;
}

function foldAlone(reference: Reference): number {
  const clients = Array.from({ length: 50 }, (_, number) => aClient(number, reference));
  const events = Array.from({ length: 20_000 }, (_, number) => anEvent('c', 10_000_000 + number, beginMs + historyDays * dayMs + number * 50));
  const began = cpuSeconds();
  events.forEach((event, number) => foldClient(clients[number % clients.length], event, reference));
  return ((cpuSeconds() - began) * 1e6) / events.length;
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function fill(store: LmdbStateStore, clients: number, packed: readonly Uint8Array[]): Promise<void> {
  const state = new KeyedState(store);
  for (let from = 0; from < clients; from += 20_000) {
    for (let client = from; client < Math.min(clients, from + 20_000); client++) state.put(`client:client-${client}`, packed[client % packed.length]);
    await store.commit({ position: { input: 0, output: 0 }, values: state.takeChanges(), timers: new Map() });
    state.trim();
  }
}

/** Two purchases in three days, the app every second day, a place now and then. */
function aClient(number: number, reference: Reference): Parameters<typeof packClient>[0] {
  const subject = `template-${number}`;
  const registered: ClientEvent = { type: 'client.registered', id: 'r', source: 'scale', subject, timeMs: beginMs, data: { timeZone: 'Europe/Berlin', segment: 'mass', birthYear: 1985, incomeMinor: 250_000, home: { lat: 52.5, lon: 13.4 }, consents: { offers: true, geo: true } } };
  let { state } = foldClient(undefined, registered, reference);
  for (let day = 0; day < historyDays; day++) {
    for (let event = 0; event < 2; event++) {
      if (uniform(number, day, event) < 0.6) ({ state } = foldClient(state, anEvent(subject, number * 1000 + day * 2 + event, beginMs + day * dayMs + (8 + 5 * event) * 3_600_000), reference));
    }
  }
  if (!state) throw new Error('a registered client is known');
  return state;
}

function anEvent(subject: string, number: number, timeMs: number): ClientEvent {
  const draw = uniform('kind', number);
  const common = { id: `e-${number}`, source: 'scale', subject, timeMs };
  if (draw < 0.6) return purchase(common, number);
  if (draw < 0.85) return { ...common, type: 'client.acted', data: { action: draw < 0.75 ? 'app-opened' : 'search', sessionId: `s-${number >> 2}` } };
  return { ...common, type: 'client.located', data: { lat: 52.4 + Math.floor(uniform('lat', number) * 12) / 50, lon: 13.4, accuracyMeters: 30 } };
}

function purchase(common: Omit<LineEventOf<'transaction.authorised'>, 'type' | 'data'>, number: number): ClientEvent {
  const merchant = Math.floor(uniform('where', common.subject, number % 25) * merchants);
  const data = { transactionId: `t-${number}`, kind: 'purchase' as const, merchantId: `merchant-${merchant}`, mcc: mccs[merchant % mccs.length]!, amountMinor: 200 + Math.floor(uniform('much', number) * 9_000), currency: 'EUR', channel: number % 4 === 0 ? ('online' as const) : ('offline' as const) };
  return { ...common, type: 'transaction.authorised', data };
}

function aCountry(): Reference {
  const reference = { merchants: new MerchantTable(), campaigns: new CampaignTable(), limits: contactLimits };
  for (let number = 0; number < merchants; number++) {
    const data = { merchantId: `merchant-${number}`, name: 'a shop', mcc: mccs[number % mccs.length]!, location: { lat: 52.4 + (number % 20) / 80, lon: 13.3 + number / 2_000 }, online: false, partner: true };
    reference.merchants.apply({ type: 'merchant.registered', id: `m-${number}`, source: 'scale', subject: data.merchantId, timeMs: beginMs, data });
  }
  return reference;
}
