import { acceptEvent, type Envelope } from '@sp/contracts';
import { describe, expect, it } from 'vitest';
import { hourMs } from './calendar';
import type { WorldOptions } from './market';
import type { ReceivedOffer } from './received-offer';
import { World } from './world';

const startMs = Date.UTC(2026, 0, 5);
const options: WorldOptions = { seed: 7, clients: 150, merchants: 40, campaigns: 20, startMs, world: 'smooth', troubles: 'none' };

function hours(world: World, count: number, offersAt: (hour: number) => ReceivedOffer[] = () => []): Envelope[] {
  return Array.from({ length: count }, (_, hour) => world.advanceHour(offersAt(hour))).flat();
}

function anOffer(clientIndex: number, over: Partial<ReceivedOffer> = {}): ReceivedOffer {
  return {
    offerId: `o-${clientIndex}`, clientId: `c${String(clientIndex + 1).padStart(5, '0')}`, merchantId: 'm0002', campaignId: 'k0002r1', arm: 'model',
    terms: { discountPercent: 20, validityDays: 3, minimumCheckMinor: 0 }, issuedMs: startMs + 2 * hourMs, validUntil: new Date(startMs + 74 * hourMs).toISOString(), ...over,
  };
}

const toEverybody = (over: Partial<ReceivedOffer> = {}) => (hour: number): ReceivedOffer[] =>
  hour === 3 ? Array.from({ length: options.clients }, (_, index) => anOffer(index, over)) : [];

describe('the world', () => {
  it('makes the same events from the same seed, byte by byte', () => {
    const first = JSON.stringify(hours(World.start(options), 72));
    expect(JSON.stringify(hours(World.start(options), 72))).toBe(first);
    expect(JSON.stringify(hours(World.start({ ...options, seed: 8 }), 72))).not.toBe(first);
  });

  it('sends nothing that the contracts refuse, but for the planted invalid events', () => {
    const world = World.start({ ...options, clients: 600 });
    const events = hours(world, 10 * 24, toEverybody());
    const refused = events.filter((event) => !acceptEvent(event).ok);
    expect(world.truth.planted.invalid).toBeGreaterThan(0);
    expect(refused.every(({ id }) => id.endsWith('-broken'))).toBe(true);
    expect(refused).toHaveLength(world.truth.planted.invalid);
  });

  it('delivers in the order of time, but for what is planted to be late or twice', () => {
    const world = World.start(options);
    const events = hours(world, 72).filter(({ id }) => !id.endsWith('-broken'));
    const times = events.map(({ time }) => Date.parse(time));
    const backwards = times.filter((time, place) => place > 0 && time < (times[place - 1] as number)).length;
    const { duplicates, late } = world.truth.planted;
    expect(backwards).toBeGreaterThan(0);
    expect(backwards).toBeLessThanOrEqual(duplicates + late);
    expect(events.length - new Set(events.map(({ id }) => id)).size).toBeLessThanOrEqual(duplicates);
  });

  it('registers a client before it says anything else of him', () => {
    const seen = new Set<string>();
    for (const { type, subject } of hours(World.start(options), 72).filter(({ id }) => !id.endsWith('-broken'))) {
      if (type === 'client.registered') seen.add(subject);
      else if (subject.startsWith('c')) expect(seen).toContain(subject);
    }
    expect(seen.size).toBeGreaterThan(options.clients);
  });

  it.each([24, 31, 50])('goes on after %i hours and a restart as if it had not stopped', (stopHour) => {
    const whole = hours(World.start(options), 72);
    const before = World.start(options);
    const firstPart = hours(before, stopHour);
    const after = World.restore(before.save(), options);
    expect(JSON.stringify([...firstPart, ...hours(after, 72 - stopHour)])).toBe(JSON.stringify(whole));
  });

  it('goes on alike after a restart while offers are open', () => {
    const whole = World.start(options);
    const events = hours(whole, 72, toEverybody());
    const before = World.start(options);
    const firstPart = hours(before, 9, toEverybody());
    const after = World.restore(before.save(), options);
    expect(JSON.stringify([...firstPart, ...hours(after, 63)])).toBe(JSON.stringify(events));
    expect(after.truth).toEqual(whole.truth);
  });

  it('refuses a saved world of another seed', () => {
    expect(() => World.restore(World.start(options).save(), { ...options, seed: 8 })).toThrow('other seed');
  });
});

describe('offers to the world', () => {
  const answers = (events: Envelope[]): Envelope[] => events.filter(({ type }) => type === 'offer.responded');

  it('are answered, and a redemption comes with its transaction at the merchant, large enough and in time', () => {
    const events = hours(World.start(options), 80, toEverybody({ terms: { discountPercent: 25, validityDays: 3, minimumCheckMinor: 3000 } }));
    const redeemed = answers(events).flatMap(({ data }) => ((data as { response: string }).response === 'redeemed' ? [data as { transactionId: string }] : []));
    expect(redeemed.length).toBeGreaterThan(5);
    for (const { transactionId } of redeemed) {
      const transaction = events.find(({ id }) => id === transactionId) as Envelope;
      expect(transaction.data).toMatchObject({ merchantId: 'm0002', transactionId });
      expect((transaction.data as { amountMinor: number }).amountMinor).toBeGreaterThanOrEqual(3000);
      expect(Date.parse(transaction.time)).toBeLessThan(startMs + 74 * hourMs);
    }
  });

  it('are answered otherwise when they are others, and leave other clients as they were', () => {
    const quiet = hours(World.start(options), 72);
    const one = hours(World.start(options), 72, toEverybody({ merchantId: 'm0002' }));
    const other = hours(World.start(options), 72, toEverybody({ merchantId: 'm0005' }));
    expect(JSON.stringify(answers(one))).not.toBe(JSON.stringify(answers(other)));
    const toFirst = hours(World.start(options), 72, (hour) => (hour === 3 ? [anOffer(0)] : []));
    const ofOthers = (events: Envelope[]): string[] => [...new Set(events.filter(({ subject }) => subject !== 'c00001').map((event) => JSON.stringify(event)))].sort();
    const broken = (event: string): boolean => event.includes('-broken');
    expect(ofOthers(toFirst).filter((event) => !broken(event))).toEqual(ofOthers(quiet).filter((event) => !broken(event)));
  });

  it('are answered once, though the door delivers them twice', () => {
    const once = hours(World.start(options), 72, toEverybody());
    const twice = World.start(options);
    const events = hours(twice, 72, (hour) => [...toEverybody()(hour), ...toEverybody()(hour - 1)]);
    expect(answers(events)).toHaveLength(answers(once).length);
    expect(twice.truth.arms['model']?.offers).toBe(options.clients);
  });

  it('wait until their instant has come', () => {
    const events = hours(World.start(options), 30, (hour) => (hour === 1 ? toEverybody({ issuedMs: startMs + 20 * hourMs })(3) : []));
    expect(Math.min(...answers(events).map(({ time }) => Date.parse(time)))).toBeGreaterThan(startMs + 20 * hourMs);
  });

  it('for people or merchants that the bank does not know are counted, not answered', () => {
    const world = World.start(options);
    hours(world, 10, (hour) => (hour === 3 ? [anOffer(0, { merchantId: 'm9999' }), anOffer(9999), { ...anOffer(1), clientId: 'somebody' }] : []));
    expect(world.truth).toMatchObject({ unanswerable: 3, arms: {} });
  });

  it('are worth no more than what they add: the counterfactual is what would have been paid with our card anyhow', () => {
    const quiet = World.start(options);
    hours(quiet, 24 * 40);
    const offered = World.start(options);
    hours(offered, 24 * 40, toEverybody({ merchantId: 'm0001', terms: { discountPercent: 30, validityDays: 3, minimumCheckMinor: 0 } }));
    const arm = offered.truth.arms['model'];
    const spent = (world: World): number => world.people.reduce((sum, { client }) => sum + world.ledger.read('oursMinor', client.index), 0);
    expect(arm?.counterfactualMinor).toBeGreaterThan(0);
    // What an offer's purchase replaces may still lie ahead in the world without offers: a small rest.
    const added = (arm?.spendMinor ?? 0) - (arm?.counterfactualMinor ?? 0);
    expect(Math.abs(spent(offered) - spent(quiet) - added)).toBeLessThan(0.1 * (arm?.spendMinor ?? 0));
  });
});
