import type { ClientState } from '../client-state';
import type { CategoryUse } from '../groups/category-uses';
import { localTime } from '../local-time';
import { isGroupLive } from '../reference/live-groups';
import type { Reference } from '../reference/reference';
import { dayMs, hourMs } from '../time-units';
import { dwellEndsMs } from './approach';
import { roomFromMs } from './contact-room';
import { dueAfterDwell, dueAfterQuiet } from './due-by-event';
import { becomeDue, type DueDecision } from './due-decision';
import { duePolicy } from './due-policy';
import { forecastClosesMs, forecastOpensMs } from './rhythm';
import { wakeId } from './wake-id';

/** The earliest moment at which a timer could bring a decision; undefined if none can. */
export function nextWakeMs(state: ClientState, reference: Reference): number | undefined {
  if (!state.facts.consents.offers) return undefined;
  const { approach, moved } = state.moments;
  const earliestMs = Math.min(ownTimersMs(state, reference), approach ? dwellEndsMs(approach) : Infinity, moved?.atMs ?? Infinity);
  return earliestMs === Infinity ? undefined : earliestMs;
}

/** At most one decision a wake: the next would stand in the gap that this one opens. */
export function dueByTimer(state: ClientState, nowMs: number, reference: Reference): DueDecision | undefined {
  if (!state.facts.consents.offers) return undefined;
  const happened = dueAfterDwell(state, nowMs, reference) ?? dueAfterQuiet(state, nowMs, reference);
  if (happened || ownTimersMs(state, reference) > nowMs) return happened;
  const restMs = restUntil(state, nowMs, reference);
  if (restMs === undefined) return newcomerDue(state, nowMs, reference) ?? forecastDue(state, nowMs, reference) ?? uncoveredDue(state, nowMs, reference);
  state.moments.timersRestUntilMs = restMs;
  return undefined;
}

function ownTimersMs(state: ClientState, reference: Reference): number {
  const possibleMs = possibleFromMs(state, reference);
  return Math.max(Math.min(newcomerMs(state, possibleMs), forecastMs(state, possibleMs), uncoveredMs(state, possibleMs)), state.moments.timersRestUntilMs);
}

/** Night, or nothing on offer: until when no timer needs to look. */
function restUntil({ facts }: ClientState, nowMs: number, { campaigns }: Reference): number | undefined {
  const { dayBeginsHour, dayEndsHour, restDays } = duePolicy;
  if (campaigns.liveAt(nowMs).length === 0) return nowMs + restDays * dayMs;
  const { hour } = localTime(nowMs, facts.timeZone);
  if (hour >= dayBeginsHour && hour < dayEndsHour) return undefined;
  return Math.ceil(nowMs + ((dayBeginsHour - hour + 24) % 24) * hourMs);
}

function newcomerDue(state: ClientState, nowMs: number, reference: Reference): DueDecision | undefined {
  if (newcomerMs(state, possibleFromMs(state, reference)) > nowMs) return undefined;
  const { registeredAtMs = 0 } = state.facts;
  state.moments.newcomerServed = true;
  if (nowMs >= registeredAtMs + duePolicy.newcomerDays * dayMs) return undefined;
  return timerDue(state, nowMs, 'newcomer', reference);
}

/** The category whose purchase is expected first and that somebody's campaign could serve. */
function forecastDue(state: ClientState, nowMs: number, reference: Reference): DueDecision | undefined {
  if (nowMs < possibleFromMs(state, reference)) return undefined;
  for (const use of openForecasts(state.categories, nowMs)) {
    use.forecastFromMs = use.lastMs;
    if (nowMs >= forecastClosesMs(use) || !isGroupLive(reference, use.mcc, nowMs)) continue;
    return becomeDue(state, nowMs, { scenario: 'forecast', trigger: 'own-rhythm', triggerEventId: wakeId('own-rhythm', nowMs), mcc: use.mcc }, reference);
  }
  return undefined;
}

function uncoveredDue(state: ClientState, nowMs: number, reference: Reference): DueDecision | undefined {
  return uncoveredMs(state, possibleFromMs(state, reference)) > nowMs ? undefined : timerDue(state, nowMs, 'uncovered', reference);
}

function timerDue(state: ClientState, nowMs: number, trigger: 'newcomer' | 'uncovered', reference: Reference): DueDecision {
  return becomeDue(state, nowMs, { scenario: 'timer', trigger, triggerEventId: wakeId(trigger, nowMs) }, reference);
}

function newcomerMs(state: ClientState, possibleMs: number): number {
  const { registeredAtMs } = state.facts;
  if (registeredAtMs === undefined || state.moments.newcomerServed) return Infinity;
  return Math.max(registeredAtMs + duePolicy.newcomerAfterHours * hourMs, possibleMs);
}

function forecastMs(state: ClientState, possibleMs: number): number {
  let earliest = Infinity;
  for (const use of state.categories) {
    const atMs = Math.max(forecastOpensMs(use) ?? Infinity, possibleMs);
    if (atMs < earliest && atMs < forecastClosesMs(use)) earliest = atMs;
  }
  return earliest;
}

function uncoveredMs(state: ClientState, possibleMs: number): number {
  const { moments, facts, firstEventMs } = state;
  return Math.max((moments.lastMs ?? facts.registeredAtMs ?? firstEventMs) + duePolicy.uncoveredAfterDays * dayMs, possibleMs);
}

/** Timers wait for room, and for the gap since the last moment, instead of asking in vain. */
function possibleFromMs(state: ClientState, reference: Reference): number {
  const { lastMs } = state.moments;
  return Math.max(roomFromMs(state, reference.limits), lastMs === undefined ? 0 : lastMs + duePolicy.leastGapHours * hourMs);
}

function openForecasts(uses: readonly CategoryUse[], nowMs: number): CategoryUse[] {
  const opens = (use: CategoryUse): number => forecastOpensMs(use) ?? Infinity;
  return uses.filter((use) => opens(use) <= nowMs).sort((a, b) => opens(a) - opens(b) || a.mcc - b.mcc);
}
