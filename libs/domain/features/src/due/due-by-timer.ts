import type { ClientState } from '../client-state';
import type { CategoryUse } from '../groups/category-uses';
import { localTime } from '../local-time';
import { isGroupLive } from '../reference/live-groups';
import type { Reference } from '../reference/reference';
import { dayMs, hourMs } from '../time-units';
import { becomeDue, type DueDecision } from './due-decision';
import { duePolicy } from './due-policy';
import { forecastClosesMs, forecastOpensMs } from './rhythm';

/** The earliest moment at which a timer could bring a decision; undefined if none can. */
export function nextWakeMs(state: ClientState): number | undefined {
  if (!state.facts.consents.offers) return undefined;
  const earliest = Math.min(newcomerMs(state), forecastMs(state), uncoveredMs(state));
  return Math.max(earliest, state.moments.timersRestUntilMs);
}

/** At most one decision a wake: the next would stand in the gap that this one opens. */
export function dueByTimer(state: ClientState, nowMs: number, reference: Reference): DueDecision | undefined {
  const wakeMs = nextWakeMs(state);
  if (wakeMs === undefined || wakeMs > nowMs) return undefined;
  const restMs = restUntil(state, nowMs, reference);
  if (restMs === undefined) return newcomerDue(state, nowMs) ?? forecastDue(state, nowMs, reference) ?? uncoveredDue(state, nowMs);
  state.moments.timersRestUntilMs = restMs;
  return undefined;
}

/** Night, or nothing on offer: until when no timer needs to look. */
function restUntil({ facts }: ClientState, nowMs: number, { campaigns }: Reference): number | undefined {
  const { dayBeginsHour, dayEndsHour, restDays } = duePolicy;
  if (campaigns.liveAt(nowMs).length === 0) return nowMs + restDays * dayMs;
  const { hour } = localTime(nowMs, facts.timeZone);
  if (hour >= dayBeginsHour && hour < dayEndsHour) return undefined;
  return Math.ceil(nowMs + ((dayBeginsHour - hour + 24) % 24) * hourMs);
}

function newcomerDue(state: ClientState, nowMs: number): DueDecision | undefined {
  if (newcomerMs(state) > nowMs) return undefined;
  const { registeredAtMs = 0 } = state.facts;
  state.moments.newcomerServed = true;
  if (nowMs >= registeredAtMs + duePolicy.newcomerDays * dayMs) return undefined;
  return timerDue(state, nowMs, 'newcomer');
}

/** The category whose purchase is expected first and that somebody's campaign could serve. */
function forecastDue(state: ClientState, nowMs: number, reference: Reference): DueDecision | undefined {
  if (nowMs < gapEndsMs(state, duePolicy.timerGapHours)) return undefined;
  for (const use of openForecasts(state.categories, nowMs)) {
    use.forecastFromMs = use.lastMs;
    if (nowMs >= forecastClosesMs(use) || !isGroupLive(reference, use.mcc, nowMs)) continue;
    return becomeDue(state, nowMs, { scenario: 'forecast', trigger: 'own-rhythm', triggerEventId: wakeId('own-rhythm', nowMs), mcc: use.mcc });
  }
  return undefined;
}

function uncoveredDue(state: ClientState, nowMs: number): DueDecision | undefined {
  return uncoveredMs(state) > nowMs ? undefined : timerDue(state, nowMs, 'uncovered');
}

function timerDue(state: ClientState, nowMs: number, trigger: 'newcomer' | 'uncovered'): DueDecision {
  return becomeDue(state, nowMs, { scenario: 'timer', trigger, triggerEventId: wakeId(trigger, nowMs) });
}

/** Unique for the client: he is woken once at a time. */
function wakeId(trigger: string, nowMs: number): string {
  return `${trigger}@${nowMs}`;
}

function newcomerMs(state: ClientState): number {
  const { registeredAtMs } = state.facts;
  if (registeredAtMs === undefined || state.moments.newcomerServed) return Infinity;
  return Math.max(registeredAtMs + duePolicy.newcomerAfterHours * hourMs, gapEndsMs(state, duePolicy.newcomerGapHours));
}

function forecastMs(state: ClientState): number {
  const gapEnds = gapEndsMs(state, duePolicy.timerGapHours);
  let earliest = Infinity;
  for (const use of state.categories) {
    const atMs = Math.max(forecastOpensMs(use) ?? Infinity, gapEnds);
    if (atMs < earliest && atMs < forecastClosesMs(use)) earliest = atMs;
  }
  return earliest;
}

function uncoveredMs({ moments, facts, firstEventMs }: ClientState): number {
  return (moments.lastMs ?? facts.registeredAtMs ?? firstEventMs) + duePolicy.uncoveredAfterDays * dayMs;
}

function gapEndsMs({ moments }: ClientState, gapHours: number): number {
  return moments.lastMs === undefined ? 0 : moments.lastMs + gapHours * hourMs;
}

function openForecasts(uses: readonly CategoryUse[], nowMs: number): CategoryUse[] {
  const opens = (use: CategoryUse): number => forecastOpensMs(use) ?? Infinity;
  return uses.filter((use) => opens(use) <= nowMs).sort((a, b) => opens(a) - opens(b) || a.mcc - b.mcc);
}
