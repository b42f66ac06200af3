import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anEvent, mondayMs } from '@sp/contracts/testing';
import type { ClientState } from '../client-state';
import { foldClient, wakeClient, type ClientEvent, type ClientStep } from '../fold-client';
import type { Reference } from '../reference/reference';
import { aTown, bakery, garage, market } from '../testing/a-town';
import { dayMs, hourMs, minuteMs } from '../time-units';
import type { DueDecision } from './due-decision';
import { duePolicy } from './due-policy';

const noonMs = mondayMs + 12 * hourMs;
const open = aTown(bakery, market, garage);
/** Metres a degree of latitude. */
const degree = 111_195;

interface Fix {
  readonly atMs: number;
  /** North of the bakery. */
  readonly meters: number;
  readonly accuracyMeters?: number;
}

const known = (consents = { offers: true, geo: true }): ClientEvent => anEvent('client.registered', { timeMs: mondayMs - 30 * dayMs, data: { consents } });
const fix = ({ atMs, meters, accuracyMeters = 20 }: Fix): ClientEvent => anEvent('client.located', { timeMs: atMs, data: { lat: bakery.location.lat + meters / degree, lon: bakery.location.lon, accuracyMeters } });

/** Everything near a merchant that the fixes bring, with ticks each second until the end, or for so long after the last fix. */
function nearBy(fixes: readonly Fix[], { reference = open, quietMinutes = 30, first = known() }: { reference?: Reference; quietMinutes?: number; first?: ClientEvent } = {}): { due: DueDecision; atMs: number }[] {
  const all: { due: DueDecision; atMs: number }[] = [];
  let step: ClientStep = foldClient(undefined, first, reference);
  const wakeUntil = (untilMs: number): void => {
    for (let wakeMs = step.wakeAtMs; step.state && wakeMs !== undefined && wakeMs <= untilMs; wakeMs = step.wakeAtMs) {
      const atMs = Math.max(wakeMs, (step.state as ClientState).lastEventMs);
      step = wakeClient(step.state, atMs, reference);
      all.push(...step.due.map((due) => ({ due, atMs })));
    }
  };
  // The long-known client's own timers are no matter here: they rest.
  if (step.state) step.state.moments.timersRestUntilMs = Infinity;
  for (const one of fixes) {
    wakeUntil(one.atMs);
    step = foldClient(step.state, fix(one), reference);
    all.push(...step.due.map((due) => ({ due, atMs: one.atMs })));
  }
  wakeUntil((fixes.at(-1)?.atMs ?? 0) + quietMinutes * minuteMs);
  return all.filter(({ due }) => due.trigger === 'near-merchant');
}

/** Straight through the town at that speed, passing the bakery. */
function way(metersASecond: number, everySeconds: number, fromMeters: number, toMeters: number, accuracyMeters = 20): Fix[] {
  const direction = Math.sign(toMeters - fromMeters);
  const seconds = Math.abs(toMeters - fromMeters) / metersASecond;
  return Array.from({ length: Math.floor(seconds / everySeconds) + 1 }, (_, number) => ({ atMs: noonMs + Math.round(number * everySeconds * 1000), meters: fromMeters + direction * metersASecond * number * everySeconds, accuracyMeters }));
}

describe('near a merchant', () => {
  const stay = [{ atMs: noonMs, meters: 200 }, { atMs: noonMs + 4 * minuteMs, meters: 190 }];

  it('is due within 300 m of a merchant with a live campaign after three minutes there, and names him', () => {
    const [near] = nearBy(stay);
    expect(near).toMatchObject({ due: { scenario: 'event', trigger: 'near-merchant', merchantId: 'bakery', mcc: 5462 }, atMs: noonMs + duePolicy.dwellMinutes * minuteMs });
    expect(nearBy([stay[0]!])).toHaveLength(1);
    expect(nearBy([{ atMs: noonMs, meters: 400 }])).toEqual([]);
  });

  it('carries the client as he is', () => {
    expect(nearBy(stay)[0]?.due.profile).toMatchObject({ offersConsent: true, timeZone: 'UTC', place: { lon: 13.4 } });
  });

  it('counts the accuracy of the fix in, up to a limit', () => {
    const away = (accuracyMeters: number): number => nearBy([{ atMs: noonMs, meters: -440, accuracyMeters }]).length;
    expect([away(20), away(200), away(5000)]).toEqual([0, 1, 0]);
  });

  it('is not due without either consent, where nobody near has a campaign, or at night', () => {
    expect(nearBy(stay, { first: known({ offers: false, geo: true }) })).toEqual([]);
    expect(nearBy(stay, { first: known({ offers: true, geo: false }) })).toEqual([]);
    expect(nearBy(stay, { reference: aTown(market, garage) })).toEqual([]);
    expect(nearBy(stay.map((one) => ({ ...one, atMs: one.atMs + 11 * hourMs })))).toEqual([]);
  });

  it('is forgotten with the consent to the place', () => {
    const step = [known(), fix(stay[0]!), anEvent('client.consent.changed', { timeMs: noonMs + minuteMs, data: { consents: { offers: true, geo: false } } })].reduce<ClientStep>((before, event) => foldClient(before.state, event, open), { state: undefined, due: [] });
    expect(step.state?.moments.approach).toBeUndefined();
  });

  it('is not due at the same merchant again until three days later', () => {
    const again = (hours: number): number => nearBy([...stay, ...stay.map((one) => ({ ...one, atMs: one.atMs + hours * hourMs }))]).length;
    expect([again(25), again(73)]).toEqual([1, 2]);
  });

  it('is not due for one who leaves, nor for one whose fix comes late', () => {
    expect(nearBy([{ atMs: noonMs, meters: 100 }, { atMs: noonMs + minuteMs, meters: 250 }, { atMs: noonMs + 2 * minuteMs, meters: 390 }])).toEqual([]);
    expect(nearBy([{ atMs: noonMs, meters: 3_000 }, { atMs: noonMs - 5 * minuteMs, meters: 100 }])).toEqual([]);
  });
});

describe('walks and drives', () => {
  const interval = fc.integer({ min: 5, max: 60 * duePolicy.dwellMinutes });
  const accuracy = fc.integer({ min: 5, max: 60 });

  it('never take a drive at 25 km/h or more past a merchant for being near, however often the phone reports within the dwell', () => {
    fc.assert(fc.property(fc.double({ min: 7, max: 40, noNaN: true }), interval, accuracy, fc.integer({ min: -4_000, max: -500 }), (speed, seconds, error, from) => {
      expect(nearBy(way(speed, seconds, from, 4_000, error), { reference: aTown(bakery) })).toEqual([]);
    }), { numRuns: 300 });
  });

  it('take a drive with a stop at a red light for a drive', () => {
    fc.assert(fc.property(fc.integer({ min: 10, max: 110 }), fc.integer({ min: -250, max: 250 }), (waits, light) => {
      const before = way(11, 10, -2_000, light);
      const [goesMs, seconds] = [before.at(-1)!.atMs + waits * 1000, 10];
      const after = way(11, seconds, light, 2_000).map((one) => ({ ...one, atMs: one.atMs - noonMs + goesMs }));
      expect(nearBy([...before, ...after], { reference: aTown(bakery) })).toEqual([]);
    }));
  });

  it('take one who walks up to a merchant and stays for near, however often the phone reports', () => {
    fc.assert(fc.property(fc.double({ min: 0.7, max: 1.9, noNaN: true }), fc.integer({ min: 5, max: 120 }), accuracy, fc.integer({ min: 400, max: 1_500 }), (speed, seconds, error, from) => {
      const found = nearBy(way(speed, seconds, from, 0, error), { reference: aTown(bakery) });
      expect(found.map(({ due }) => due.merchantId)).toEqual(['bakery']);
    }), { numRuns: 200 });
  });

  it('take one who drives up, stops and stays for near', () => {
    const drive = way(12, 10, -1_500, 0);
    const stays = Array.from({ length: 6 }, (_, minute) => ({ atMs: drive.at(-1)!.atMs + (minute + 1) * minuteMs, meters: 10 }));
    expect(nearBy([...drive, ...stays], { reference: aTown(bakery) })).toHaveLength(1);
  });

  it('need no two fixes close together: who is seen once an hour and not to leave has stayed', () => {
    expect(nearBy([{ atMs: noonMs - hourMs, meters: 3_000 }, { atMs: noonMs, meters: 50 }])).toHaveLength(1);
  });
});
