import { hashId, ownSource, uniform, type DecisionDue, type DecisionScored, type LineEvent, type LineEventOf } from '@sp/contracts';
import { flow, type Emitted, type Fold, type FoldScope } from '../flow';
import { isSharedFact, SharedFacts } from '../shared-facts';
import type { Random } from './random';
import type { Scenario } from './simulate';

const minuteMs = 60_000;
const clients = ['ada', 'bob', 'cyd', 'dan', 'eve'] as const;

/** Changed in place and put again, as folds do. */
interface Counter {
  purchases: number;
  wakes: number;
  recent: string[];
  note?: string | undefined;
}

type Emit<S extends 'feature-store' | 'scorer'> = (event: Emitted<S>) => void;

/** Everything at which a runner may fail: values changed in place and deleted, timers set again while they wake, drops, several emits, a table read at the start. */
function openCounters({ state, timers }: FoldScope): Fold<'feature-store'> {
  const totals = new Map<string, number>(state.entries<number>('total:'));
  let rates = 0;
  const shared = new SharedFacts(state, () => void rates++);

  function due(client: string, timeMs: number, counter: Counter, place: number): DecisionDue {
    const trigger = `${counter.purchases}/${counter.wakes}/${totals.get(`total:${client}`) ?? 0}/${counter.recent.join('+')}/${rates > 0}`;
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
    timers.set(subject, timeMs + Math.floor(uniform(id) * 40) * minuteMs);
    if (counter.purchases % 3 === 0) for (const place of [1, 2]) emit(due(subject, timeMs, counter, place));
    if (counter.purchases % 5 === 0) timers.set(clients[counter.purchases % clients.length]!, undefined);
  }

  return {
    onEvent(event, emit) {
      if (isSharedFact(event)) shared.keep(event);
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
function openTallies({ state, timers }: FoldScope): Fold<'scorer'> {
  const scored = (event: DecisionDue, tally: number): DecisionScored =>
    ({ ...event, type: 'decision.scored', id: `${event.id}:${tally}`, data: { ...event.data, modelVersion: 'none', candidates: [] } });
  return {
    onEvent(event, emit) {
      if (event.type !== 'decision.due') return 'pass';
      const tally = (state.get<number>(event.subject) ?? 0) + 1;
      state.put(event.subject, tally);
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

const counting = flow('feature-store').from('ingest').fold('count', openCounters).to('feature-store');
const tallying = flow('scorer').from('feature-store').fold('tally', openTallies)
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

/** Sequencer, counters, tallies: the chain by which the engine itself is tried. */
export const nastyScenario: Scenario = { flows: [counting, tallying], events: someEvents, facts: someFacts };
