import { describe, expect, it } from 'vitest';
import { contactLimits } from '@sp/contracts';
import { anEvent, mondayMs } from '@sp/contracts/testing';
import { foldClient, wakeClient, type ClientEvent } from '../fold-client';
import { aTown, bakery, garage, market } from '../testing/a-town';
import { aRequest, foldAll } from '../testing/any-history';
import type { ContactLimits } from '../reference/reference';
import { dayMs, hourMs } from '../time-units';
import type { DueDecision } from './due-decision';
import { quietEndsMs } from './quiet-hours';

const noonMs = mondayMs + 12 * hourMs;
const town = aTown(bakery, market, garage);
const registered = (): ClientEvent => anEvent('client.registered', { timeMs: mondayMs - 30 * dayMs });
const searched = (timeMs: number): ClientEvent => anEvent('client.acted', { timeMs, data: { action: 'search', mcc: 5411 } });
const declined = (timeMs: number): ClientEvent => anEvent('offer.responded', { timeMs, data: { response: 'declined' } });
const isDue = (events: readonly ClientEvent[]): boolean => foldAll([registered(), ...events], town).at(-1)?.due.length === 1;

/** The first that timers alone bring after these events, and when. */
function nextByTimer(events: readonly ClientEvent[]): { due: DueDecision | undefined; atMs: number } {
  let step = foldAll([registered(), ...events], town).at(-1)!;
  let atMs = NaN;
  for (let wakes = 0; wakes < 9 && step.state && step.due.length === 0; wakes++) {
    atMs = Math.max(step.wakeAtMs ?? NaN, step.state.lastEventMs);
    step = wakeClient(step.state, atMs, town);
  }
  return { due: step.due[0], atMs };
}

describe('room for a contact', () => {
  it('is left by the daily cap a day after a moment, and by the weekly cap a week after the third last', () => {
    expect([isDue([searched(noonMs), searched(noonMs + 23 * hourMs)]), isDue([searched(noonMs), searched(noonMs + 24 * hourMs)])]).toEqual([false, true]);
    const thrice = [0, 1, 2].map((day) => searched(noonMs + day * dayMs));
    expect([isDue([...thrice, searched(noonMs + 6.9 * dayMs)]), isDue([...thrice, searched(noonMs + 7 * dayMs)])]).toEqual([false, true]);
    expect([contactLimits.dailyCap, contactLimits.weeklyCap]).toEqual([1, 3]);
  });

  it('is left by a refusal after the cool-down', () => {
    expect([isDue([declined(noonMs), searched(noonMs + 6.9 * dayMs)]), isDue([declined(noonMs), searched(noonMs + 7 * dayMs)])]).toEqual([false, true]);
    expect(isDue([anEvent('offer.responded', { timeMs: noonMs }), searched(noonMs + hourMs)])).toBe(true);
  });

  it('is no matter for one who asks: he is answered, and counts for a contact where one was possible', () => {
    expect(isDue([searched(noonMs), aRequest(noonMs + hourMs)])).toBe(true);
    expect(isDue([aRequest(noonMs), searched(noonMs + 7 * hourMs)])).toBe(false);
    expect(isDue([searched(noonMs), aRequest(noonMs + 23 * hourMs), searched(noonMs + 24 * hourMs)])).toBe(false);
    expect(isDue([searched(noonMs), aRequest(noonMs + 12 * hourMs), searched(noonMs + 24 * hourMs)])).toBe(true);
  });

  it('follows the limits of the policy in force', () => {
    const twice = { ...town, limits: { ...contactLimits, dailyCap: 2, quietFromHour: 0, quietUntilHour: 0 } };
    const due = (events: readonly ClientEvent[], limits: Partial<ContactLimits>): number => foldAll([registered(), ...events], { ...twice, limits: { ...twice.limits, ...limits } }).filter((step) => step.due.length > 0).length;
    const day = [10, 17, 23].map((hour) => searched(mondayMs + hour * hourMs));
    expect([due(day, {}), due(day, { dailyCap: 3, quietFromHour: 22 }), due(day, { dailyCap: 3 }), due(day, { weeklyCap: 0 })]).toEqual([2, 2, 3, 0]);
  });

  it('makes timers wait instead of asking in vain', () => {
    const { due, atMs } = nextByTimer([searched(noonMs), declined(noonMs + 4 * dayMs)]);
    expect([due?.trigger, atMs]).toEqual(['uncovered', noonMs + 11 * dayMs]);
  });
});

describe('quiet hours', () => {
  const lateMs = mondayMs + 23 * hourMs;

  it('end in the client’s own morning', () => {
    expect(quietEndsMs(lateMs, 'UTC', contactLimits)).toBe(mondayMs + 32 * hourMs);
    expect(quietEndsMs(mondayMs + 7.5 * hourMs, 'UTC', contactLimits)).toBe(mondayMs + 8 * hourMs);
    expect([quietEndsMs(mondayMs + 8 * hourMs, 'UTC', contactLimits), quietEndsMs(lateMs, 'Asia/Tokyo', contactLimits)]).toEqual([undefined, undefined]);
    expect(quietEndsMs(noonMs, 'UTC', { quietFromHour: 11, quietUntilHour: 14 })).toBe(mondayMs + 14 * hourMs);
  });

  it('move a moment to their end, with what it is about', () => {
    expect(isDue([searched(lateMs)])).toBe(false);
    const { due, atMs } = nextByTimer([searched(lateMs)]);
    expect([due, atMs]).toMatchObject([{ scenario: 'event', trigger: 'search', mcc: 5411, triggerEventId: `search@${atMs}` }, mondayMs + 32 * hourMs]);
  });

  it('drop a moment that could not be met in time, or whose room was taken by another', () => {
    const step = foldAll([registered(), searched(lateMs)], town).at(-1);
    expect(wakeClient(structuredClone(step!.state!), mondayMs + 36 * hourMs, town).due.map(({ trigger }) => trigger)).not.toContain('search');
    const asked = foldClient(step!.state, aRequest(lateMs + hourMs), town);
    expect(wakeClient(asked.state!, mondayMs + 32 * hourMs, town).due).toEqual([]);
  });

  it('hold nobody who asks himself', () => {
    expect(isDue([aRequest(lateMs)])).toBe(true);
  });
});
