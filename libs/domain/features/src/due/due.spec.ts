import { describe, expect, it } from 'vitest';
import type { LineEventOf } from '@sp/contracts';
import { anEvent, mondayMs } from '@sp/contracts/testing';
import type { ClientState } from '../client-state';
import { foldClient, wakeClient, type ClientEvent, type ClientStep } from '../fold-client';
import type { Reference } from '../reference/reference';
import { aTown, bakery, garage, market } from '../testing/a-town';
import { aRequest, foldAll } from '../testing/any-history';
import { dayMs, hourMs, minuteMs } from '../time-units';
import type { DueDecision } from './due-decision';

const noonMs = mondayMs + 12 * hourMs;
const allOpen = aTown(bakery, market, garage);

function registered(consents = { offers: true, geo: true }, timeMs = mondayMs): ClientEvent {
  return anEvent('client.registered', { timeMs, data: { consents } });
}

function bought({ merchantId, mcc }: { merchantId: string; mcc: number }, timeMs: number): LineEventOf<'transaction.authorised'> {
  return anEvent('transaction.authorised', { timeMs, data: { transactionId: `t-${timeMs}`, merchantId, mcc } });
}

/** What the last of the events made due. */
function dueAfter(events: readonly ClientEvent[], reference: Reference = allOpen): DueDecision | undefined {
  return foldAll(events, reference).at(-1)?.due[0];
}

function lastStep(events: readonly ClientEvent[], reference: Reference): ClientStep & { state: ClientState; wakeAtMs: number } {
  const step = foldAll(events, reference).at(-1);
  if (!step?.state || step.wakeAtMs === undefined) throw new Error('no timer was asked for');
  return { ...step, state: step.state, wakeAtMs: step.wakeAtMs };
}

/** Everything that timers alone bring until then. */
function wakeUntil({ state, wakeAtMs }: ClientStep, untilMs: number, reference: Reference): { due: DueDecision; timeMs: number }[] {
  const all: { due: DueDecision; timeMs: number }[] = [];
  for (let step: ClientStep = { state, due: [], wakeAtMs }; step.state && (step.wakeAtMs ?? Infinity) <= untilMs; ) {
    const timeMs = Math.max(step.wakeAtMs ?? 0, step.state.lastEventMs);
    step = wakeClient(step.state, timeMs, reference);
    all.push(...step.due.map((due) => ({ due, timeMs })));
    if ((step.wakeAtMs ?? Infinity) <= timeMs) throw new Error(`woken at ${timeMs}, the timer asks for no later time`);
  }
  return all;
}

describe('after a purchase', () => {
  const purchase = bought(bakery, noonMs);

  it('is due if another merchant of the same or a related group has a live campaign', () => {
    expect(dueAfter([registered(), purchase], aTown(market))).toMatchObject({ scenario: 'event', trigger: 'after-purchase', mcc: 5462, triggerEventId: purchase.id });
  });

  it('is not due if only the merchant himself or an unrelated one has', () => {
    expect(dueAfter([registered(), purchase], aTown(bakery))).toBeUndefined();
    expect(dueAfter([registered(), purchase], aTown(garage))).toBeUndefined();
  });

  it('is not due without consent, nor for a transfer', () => {
    expect(dueAfter([registered({ offers: false, geo: true }), purchase], aTown(market))).toBeUndefined();
    expect(dueAfter([purchase], aTown(market))).toBeUndefined();
    expect(dueAfter([registered(), { ...purchase, data: { ...purchase.data, kind: 'transfer' } }], aTown(market))).toBeUndefined();
  });
});

describe('after an action', () => {
  const acted = (action: string, timeMs: number, merchantId?: string): ClientEvent => anEvent('client.acted', { timeMs, data: { action, merchantId } });

  it('is due when the client looks around, named by what he did', () => {
    for (const action of ['app-opened', 'category-viewed', 'search']) expect(dueAfter([registered(), acted(action, noonMs)])?.trigger).toBe(action);
    expect(dueAfter([registered(), acted('merchant-viewed', noonMs, 'garage')])).toMatchObject({ trigger: 'merchant-viewed', merchantId: 'garage', mcc: 7538 });
  });

  it('is not due for other actions, without consent, or with nothing on offer', () => {
    expect(dueAfter([registered(), acted('logged-out', noonMs)])).toBeUndefined();
    expect(dueAfter([registered({ offers: false, geo: true }), acted('app-opened', noonMs)])).toBeUndefined();
    expect(dueAfter([registered(), acted('app-opened', noonMs)], aTown())).toBeUndefined();
  });


  it('takes an event a little late, but not one whose moment has passed', () => {
    const lateBy = (minutes: number): ClientEvent[] => [registered(), acted('logged-out', noonMs), acted('search', noonMs - minutes * minuteMs)];
    expect([dueAfter(lateBy(10))?.trigger, dueAfter(lateBy(20))]).toEqual(['search', undefined]);
  });
});

describe('on request', () => {
  it('is always due: without consent, right after another, with nothing on offer', () => {
    const request = aRequest(noonMs, { mcc: 5411, merchantId: 'market' });
    const expected = { scenario: 'event', trigger: 'requested', triggerEventId: 'r-1', replySubject: 'replies.r-1', mcc: 5411, merchantId: 'market' };
    expect(dueAfter([registered({ offers: false, geo: false }), request, request], aTown())).toMatchObject(expected);
  });
});

describe('own rhythm', () => {
  const weekly = [0, 7, 14, 21].map((day) => bought(garage, noonMs + day * dayMs));
  const calm = aTown(garage);

  it('is due when the next weekly purchase is expected, in a category with a live campaign', () => {
    const [first] = wakeUntil(lastStep([registered(), ...weekly], calm), noonMs + 29 * dayMs, calm).filter(({ due }) => due.scenario === 'forecast');
    expect(first).toMatchObject({ due: { trigger: 'own-rhythm', mcc: 7538 }, timeMs: noonMs + 28 * dayMs });
  });

  it('comes half a deviation early where the gaps differ', () => {
    const uneven = [0, 6, 16].map((day) => bought(garage, noonMs + day * dayMs));
    const [first] = wakeUntil(lastStep([registered(), ...uneven], calm), noonMs + 60 * dayMs, calm).filter(({ due }) => due.scenario === 'forecast');
    expect(first?.timeMs).toBe(noonMs + 16 * dayMs + (8 - 0.5 * 2) * dayMs);
  });

  it('is forecast once a gap, and anew after the next purchase', () => {
    const step = lastStep([registered(), ...weekly], calm);
    const count = (from: ClientStep, days: number): number => wakeUntil(from, noonMs + days * dayMs, calm).filter(({ due }) => due.scenario === 'forecast').length;
    expect(count(step, 60)).toBe(1);
    expect(count(foldClient(step.state, bought(garage, noonMs + 62 * dayMs), calm), 100)).toBe(1);
  });

  it('needs three purchases, a rhythm, a live campaign in the group, and consent', () => {
    const forecasts = (events: readonly ClientEvent[], reference: Reference): number => {
      const step = foldAll([registered(), ...events], reference).at(-1);
      return step ? wakeUntil(step, noonMs + 60 * dayMs, reference).filter(({ due }) => due.scenario === 'forecast').length : 0;
    };
    const irregular = [0, 0.5, 1, 1.5, 21].map((day) => bought(garage, noonMs + day * dayMs));
    expect([forecasts(weekly.slice(0, 3), calm), forecasts(weekly.slice(0, 2), calm), forecasts(irregular, calm), forecasts(weekly, aTown(market))]).toEqual([1, 0, 0, 0]);
    expect(forecasts([...weekly, anEvent('client.consent.changed', { timeMs: noonMs + 22 * dayMs })], calm)).toBe(0);
  });
});

describe('timers', () => {
  it('meet a newcomer once, two hours after he was registered', () => {
    const early = registered(undefined, noonMs);
    const due = wakeUntil(lastStep([early], allOpen), noonMs + 4 * dayMs, allOpen);
    expect(due.map(({ due: { scenario, trigger, triggerEventId }, timeMs }) => [scenario, trigger, triggerEventId, timeMs])).toEqual([['timer', 'newcomer', `newcomer@${noonMs + 2 * hourMs}`, noonMs + 2 * hourMs]]);
  });

  it('reach a client for whom nothing was due for five days, again and again', () => {
    const due = wakeUntil(lastStep([registered(undefined, noonMs)], allOpen), noonMs + 11 * dayMs, allOpen);
    expect(due.map(({ due: { trigger }, timeMs }) => [trigger, (timeMs - noonMs) / hourMs])).toEqual([['newcomer', 2], ['uncovered', 122], ['uncovered', 242]]);
  });

  it('wait for the client’s morning at night', () => {
    const lateEvening = Date.UTC(2026, 0, 5, 11);
    const tokyo = anEvent('client.registered', { timeMs: lateEvening, data: { timeZone: 'Asia/Tokyo' } });
    expect(wakeUntil(lastStep([tokyo], allOpen), noonMs + dayMs, allOpen)[0]?.timeMs).toBe(Date.UTC(2026, 0, 6, 0));
  });

  it('are not asked for without consent, and end with its withdrawal', () => {
    expect(foldClient(undefined, registered({ offers: false, geo: true }), allOpen).wakeAtMs).toBeUndefined();
    const [, withdrawn] = foldAll([registered(), anEvent('client.consent.changed', { timeMs: mondayMs + 1 })], allOpen);
    expect(withdrawn?.wakeAtMs).toBeUndefined();
  });

  it('bring nothing while nothing is on offer, and look again a day later', () => {
    const step = lastStep([registered(undefined, noonMs)], aTown());
    const after = wakeClient(step.state, step.wakeAtMs, aTown());
    expect([after.due, after.wakeAtMs]).toEqual([[], step.wakeAtMs + dayMs]);
  });
});
