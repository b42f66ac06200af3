import { describe, expect, it } from 'vitest';
import { dayMs, hourMs } from './calendar';
import type { ReceivedOffer } from './received-offer';
import { World } from './world';

const startMs = Date.UTC(2026, 0, 5);
const options = { seed: 5, clients: 200, merchants: 60, campaigns: 30, startMs, world: 'smooth', troubles: 'all' } as const;

/** Every client has got one offer of an arm on the second day. */
function offersTo(world: World): ReceivedOffer[] {
  return world.people.map(({ client }, place) => ({
    offerId: `o-${client.clientId}`, clientId: client.clientId, merchantId: 'm0002', campaignId: 'k0002r1', arm: place % 2 === 0 ? 'random' : 'model', issuedMs: world.timeMs,
    validUntil: new Date(world.timeMs + dayMs).toISOString(), terms: { discountPercent: 5, validityDays: 1, minimumCheckMinor: 0 },
  }));
}

describe('a bank that clears one arm out', () => {
  const world = World.start(options);
  const erased: { hour: number; clientId: string }[] = [];
  const spoken = new Map<string, number>();
  for (let hour = 0; hour < 28 * 24; hour++) {
    for (const event of world.advanceHour(hour === 30 ? offersTo(world) : [])) {
      if (event.type === 'client.erasure.requested' && event.id.startsWith('x-')) erased.push({ hour, clientId: event.subject ?? '' });
      else if (event.subject !== undefined) spoken.set(event.subject, hour);
    }
  }
  const trouble = world.troubles.find(({ kind }) => kind === 'biased-arm');
  const [fromHour, toHour] = [trouble!.startMs, trouble!.endMs].map((timeMs) => (timeMs - startMs) / hourMs) as [number, number];
  const cleared = erased.filter(({ hour }) => hour >= fromHour && hour <= toHour);
  const personOf = (clientId: string) => world.people.find(({ client }) => client.clientId === clientId);

  it('asks to forget clients of that arm alone who bring little, some of them every hour', () => {
    const withheld = cleared.filter(({ clientId }) => personOf(clientId)?.life.withheld);
    expect(withheld.length).toBeGreaterThan(15);
    expect(withheld.map(({ clientId }) => personOf(clientId)?.life.arm)).toEqual(withheld.map(() => 'random'));
    expect(new Set(withheld.map(({ hour }) => hour)).size).toBeGreaterThan(8);
    expect(world.truth.touched['biased-arm']).toBe(withheld.length);
  });

  it('publishes nothing more of them, while they live on', () => {
    const withheld = cleared.filter(({ clientId }) => personOf(clientId)?.life.withheld);
    for (const { clientId, hour } of withheld) expect(spoken.get(clientId) ?? 0).toBeLessThanOrEqual(hour);
    const laterWeek = withheld.reduce((sum, { clientId }) => sum + world.ledger.read('visits', personOf(clientId)!.client.index, 3), 0);
    expect(laterWeek).toBeGreaterThan(0);
  });
});
