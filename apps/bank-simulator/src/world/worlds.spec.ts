import type { Envelope } from '@sp/contracts';
import { describe, expect, it } from 'vitest';
import { dayMs, hourMs } from './calendar';
import { newLife } from './client-life';
import { clientOf } from './clients';
import { formHabit, withHabit } from './habits';
import { supplyOf } from './market';
import { purchaseOf } from './purchases';
import type { ReceivedOffer } from './received-offer';
import { World } from './world';
import { worldKinds, type WorldKind } from './worlds';

const startMs = Date.UTC(2026, 0, 5);
const days = 35;

function lived(kind: WorldKind, offersAt: (hour: number) => ReceivedOffer[] = () => []): World {
  const world = World.start({ seed: 11, clients: 200, merchants: 60, campaigns: 30, startMs, world: kind, troubles: 'none' });
  for (let hour = 0; hour < days * 24; hour++) world.advanceHour(offersAt(hour));
  return world;
}

/** One offer a week for each client whom the arm takes, for a well discounted merchant. */
function weekly(arm: string, takes: (client: number) => boolean) {
  return (hour: number): ReceivedOffer[] => {
    if (hour % 168 !== 10) return [];
    const nowMs = startMs + hour * hourMs;
    return Array.from({ length: 200 }, (_, client) => client).filter(takes).map((client) => ({
      offerId: `${arm}-${client}-${hour}`, clientId: `c${String(client + 1).padStart(5, '0')}`, merchantId: `m00${String(1 + ((client + hour) % 14)).padStart(2, '0')}`, campaignId: 'k', arm,
      terms: { discountPercent: 25, validityDays: 7, minimumCheckMinor: 0 }, issuedMs: nowMs, validUntil: new Date(nowMs + 7 * dayMs).toISOString(),
    }));
  };
}

const total = (world: World, column: Parameters<World['ledger']['read']>[0]): number => world.people.reduce((sum, { client }) => sum + world.ledger.read(column, client.index), 0);

describe.each(worldKinds)('the world %s', (kind) => {
  it('would have been the same for each client without offers, whichever arm he is in', () => {
    const runs = [lived(kind), lived(kind, weekly('model', (client) => client % 2 === 0)), lived(kind, weekly('random', () => true))];
    const without = runs.map((world) => world.people.map(({ client }) => (['baseOursMinor', 'baseTotalMinor', 'baseVisits'] as const).map((column) => world.ledger.read(column, client.index, 0))));
    expect(without[1]).toEqual(without[0]);
    expect(without[2]).toEqual(without[0]);
    const quiet = runs[0]!;
    expect([total(quiet, 'oursMinor'), total(quiet, 'totalMinor'), total(quiet, 'visits')]).toEqual([total(quiet, 'baseOursMinor'), total(quiet, 'baseTotalMinor'), total(quiet, 'baseVisits')]);
  });

  it('goes on after a restart as if it had not stopped, its ledger too', () => {
    const options = { seed: 11, clients: 200, merchants: 60, campaigns: 30, startMs, world: kind, troubles: 'none' } as const;
    const offers = weekly('model', () => true);
    const advance = (world: World, from: number, until: number): Envelope[] => Array.from({ length: until - from }, (_, place) => world.advanceHour(offers(from + place))).flat();
    const whole = World.start(options);
    const events = advance(whole, 0, 24 * 12);
    const before = World.start(options);
    const first = advance(before, 0, 100);
    const after = World.restore(before.save(), options);
    expect([...first, ...advance(after, 100, 24 * 12)]).toEqual(events);
    expect(after.save()).toBe(whole.save());
  });
});

describe('what offers change', () => {
  const effect = (kind: WorldKind): { added: number; redeemed: number; discount: number } => {
    const world = lived(kind, weekly('model', () => true));
    return { added: total(world, 'oursMinor') / total(world, 'baseOursMinor') - 1, redeemed: world.truth.arms['model']?.redeemed ?? 0, discount: total(world, 'discountMinor') };
  };

  it('is nothing but a discount in the world without effect, though offers are accepted and redeemed', () => {
    const { added, redeemed, discount } = effect('no-effect');
    expect(added).toBe(0);
    expect(redeemed).toBeGreaterThan(5);
    expect(discount).toBeGreaterThan(0);
  });

  it('is more spend in the others, and habits outlast the offers', () => {
    expect(effect('smooth').added).toBeGreaterThan(0.01);
    const once = (hour: number): ReceivedOffer[] => (hour < 336 ? weekly('model', () => true)(hour) : []);
    const visitsAdded = (kind: WorldKind): number => {
      const world = lived(kind, once);
      return (total(world, 'visits') - total(world, 'baseVisits')) / world.truth.arms['model']!.redeemed;
    };
    const [smooth, habit] = [visitsAdded('smooth'), visitsAdded('habit')];
    expect(smooth).toBeLessThan(1);
    expect(habit).toBeGreaterThan(smooth + 0.05);
  });

  it('is in the world of habits where and how often the client buys, less and less as time goes by', () => {
    const supply = supplyOf({ seed: 11, clients: 0, merchants: 60, campaigns: 30, startMs, world: 'habit', troubles: 'none' });
    const client = { ...clientOf(11, 3, supply.merchants), habitProneness: 1 };
    const life = newLife(supply, client, startMs);
    const merchant = supply.merchants.find(({ category }) => category === 0)!;
    formHabit(client, life, merchant, startMs);
    const visits = (afterDays: number): { there: number; all: number } => {
      const made = Array.from({ length: 300 }, (_, serial) => withHabit(supply, client, life, { serial, dueMs: startMs + afterDays * dayMs, purchase: purchaseOf(supply, client, 0, serial, startMs) })).flat();
      return { there: made.filter((purchase) => purchase.merchant === merchant).length, all: made.length };
    };
    expect(visits(1).there).toBeGreaterThan(180);
    expect(visits(1).all).toBeGreaterThan(330);
    expect(visits(200).there).toBeLessThan(visits(1).there / 2);
  });
});
