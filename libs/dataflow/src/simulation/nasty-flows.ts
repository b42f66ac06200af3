import { hashId, ownSource, uniform, type DecisionDue, type DecisionScored, type LineEvent, type LineEventOf } from '@sp/contracts';
import { flow, type Emitted, type Fold, type FoldScope } from '../flow';
import { MergedTable } from '../merged-table';
import { isSharedFact, SharedFacts } from '../shared-facts';
import type { Random } from './random';
import type { Scenario } from './simulate';

const minuteMs = 60_000;
/** Any table serves: what is merged are sums by client. */
const mergedName = 'merchant-statistics';
const clients = ['ada', 'bob', 'cyd', 'dan', 'eve'] as const;

/** Changed in place and put again, as folds do. */
interface Counter {
  purchases: number;
  wakes: number;
  recent: string[];
  note?: string | undefined;
}

type Emit<S extends 'feature-store' | 'scorer'> = (event: Emitted<S>) => void;

/** Everything at which a runner may fail: values changed in place and deleted, timers set again while they wake, drops, refusals, several emits, a table read at the start, sums over all logs. */
function openCounters({ state, timers, deltas }: FoldScope): Fold<'feature-store'> {
  const totals = new Map<string, number>(state.entries<number>('total:'));
  const merged = new MergedTable(state, mergedName);
  let rates = 0;
  const shared = new SharedFacts(state, () => void rates++);

  function due(client: string, timeMs: number, counter: Counter, place: number): DecisionDue {
    const trigger = `${counter.purchases}/${counter.wakes}/${totals.get(`total:${client}`) ?? 0}/${counter.recent.join('+')}/${rates > 0}/${merged.version}/${JSON.stringify(merged.row(client) ?? {})}`;
    return { type: 'decision.due', id: hashId('due', client, timeMs, trigger, place), source: ownSource, subject: client, timeMs, data: { trigger } as DecisionDue['data'] };
  }

  function purchase({ subject, timeMs, id }: LineEventOf<'transaction.authorised'>, emit: Emit<'feature-store'>): void {
    const counter = state.get<Counter>(subject) ?? { purchases: 0, wakes: 0, recent: [] };
    counter.purchases++;
    counter.recent = [...counter.recent.slice(-2), id];
    counter.note = counter.purchases % 2 === 0 ? id : undefined;
    state.put(subject, counter);
    const total = (totals.get(`total:${subject}`) ?? 0) + counter.purchases;
    totals.set(`total:${subject}`, total);
    state.put(`total:${subject}`, total);
    deltas.add(mergedName, subject, { purchases: 1 });
    timers.set(subject, timeMs + Math.floor(uniform(id) * 40) * minuteMs);
    if (counter.purchases % 3 === 0) for (const place of [1, 2]) emit(due(subject, timeMs, counter, place));
    if (counter.purchases % 5 === 0) timers.set(clients[counter.purchases % clients.length]!, undefined);
  }

  return {
    onEvent(event, emit) {
      if (isSharedFact(event)) shared.keep(event);
      merged.apply(event);
      if (event.type === 'transaction.reversed') return { code: 'unknown-original', field: 'data.transactionId', message: 'names no purchase' };
      if (event.type === 'transaction.authorised') purchase(event, emit);
      if (event.type === 'client.erasure.requested') {
        state.delete(event.subject);
        timers.set(event.subject, undefined);
      }
      if (event.type === 'client.acted' && event.data.action === 'crowd') for (let number = 0; number < 230; number++) timers.set(`crowd-${number}`, event.timeMs + (number % 7));
      return event.type === 'client.acted' ? 'drop' : 'pass';
    },
    onTimer(key, timeMs, emit) {
      const counter = state.get<Counter>(key);
      if (!counter) return;
      counter.wakes++;
      state.put(key, counter);
      emit(due(key, timeMs, counter, 0));
      // Due again at once, later, or never.
      if (counter.wakes % 4 === 1) timers.set(key, timeMs);
      else if (counter.wakes % 4 !== 0) timers.set(key, timeMs + counter.wakes * minuteMs);
    },
  };
}

/** Takes what the first one emits, adds its own count, and lets a call outside complete it. */
function openTallies({ state, timers, deltas }: FoldScope): Fold<'scorer'> {
  const scored = (event: DecisionDue, tally: number): DecisionScored =>
    ({ ...event, type: 'decision.scored', id: `${event.id}:${tally}`, data: { ...event.data, modelVersion: 'none', candidates: [] } });
  return {
    onEvent(event, emit) {
      if (event.type !== 'decision.due') return 'pass';
      const tally = (state.get<number>(event.subject) ?? 0) + 1;
      state.put(event.subject, tally);
      deltas.add(mergedName, event.subject, { offersIssued: 1 });
      state.put(`last:${event.subject}`, event);
      if (tally % 2 === 0) timers.set(event.subject, event.timeMs + 30 * minuteMs);
      emit(scored(event, tally));
      return 'drop';
    },
    onTimer(key, timeMs, emit) {
      const last = state.get<DecisionDue>(`last:${key}`);
      if (last) emit(scored({ ...last, id: `again-${timeMs}:${last.id}`, timeMs }, -(state.get<number>(key) ?? 0)));
    },
  };
}

const counting = flow('feature-store').from('ingest').fold('count', { late: 'count-and-update' }, openCounters).to('feature-store');
const tallying = flow('scorer').from('feature-store', 'decision.due').fold('tally', { late: 'count-and-hand-on' }, openTallies)
  .call('name the model', (events) => Promise.resolve(events.map((event) => ({ ...event, data: { ...event.data, modelVersion: hashId('model', event.id) } })))).to('scorer');

function someEvents(random: Random): LineEvent[] {
  let timeMs = Date.UTC(2026, 0, 5);
  return Array.from({ length: random.between(12, 36) }, (_, number) => {
    timeMs += random.pick([0, 1, minuteMs, 10 * minuteMs, 45 * minuteMs]);
    return someEvent(random, `e-${number}`, random.chance(0.1) ? timeMs - 26 * 60 * minuteMs : timeMs, timeMs);
  });
}

function someEvent(random: Random, id: string, timeMs: number, nowMs: number): LineEvent {
  const base = { id, source: 'bank', subject: random.pick(clients) };
  const draw = random.below(100);
  if (draw < 4) return { ...base, timeMs, type: 'transaction.reversed', data: { transactionId: 'nobody knows' } };
  if (draw < 62) return { ...base, timeMs, type: 'transaction.authorised', data: { transactionId: id, kind: 'purchase', mcc: 5411, amountMinor: random.between(1, 9_999), currency: 'EUR', channel: 'online' } };
  if (draw < 85) return { ...base, timeMs: nowMs, subject: 'clock', type: 'clock.ticked', data: {} };
  if (draw < 95) return { ...base, timeMs, type: 'client.acted', data: { action: random.chance(0.05) ? 'crowd' : 'app-opened' } };
  return { ...base, timeMs, type: 'client.erasure.requested', data: {} };
}

function someFacts(random: Random): LineEvent[] {
  return Array.from({ length: random.below(6) }, (_, number) => ({
    type: 'rate.published', id: `rate-${number}`, source: 'bank', subject: random.pick(['EUR', 'USD']), timeMs: Date.UTC(2026, 0, 5), data: { base: 'EUR', quote: 'USD', rate: random.between(1, 9) },
  }));
}

/** Sequencer, counters, tallies, and what both gather merged: the chain by which the engine itself is tried. */
export const nastyScenario: Scenario = { flows: [counting, tallying], events: someEvents, facts: someFacts, merged: mergedName };
