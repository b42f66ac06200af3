import { expect, it } from 'vitest';
import { dayMs } from './calendar';
import type { ReceivedOffer } from './received-offer';
import { World } from './world';
import type { WorldKind } from './worlds';

const startMs = Date.UTC(2026, 0, 5);
const clients = 600;

/** One offer a week for everybody, for four weeks of eight, so that the purchases whose place an offer took would have come by the end. */
function lived(kind: WorldKind): World {
  const world = World.start({ seed: 3, clients, merchants: 60, campaigns: 30, startMs, world: kind, troubles: 'none' });
  for (let hour = 0; hour < 56 * 24; hour++) world.advanceHour(hour < 28 * 24 && hour % 168 === 10 ? offersAt(hour) : []);
  return world;
}

function offersAt(hour: number): ReceivedOffer[] {
  const nowMs = startMs + hour * 3_600_000;
  return Array.from({ length: clients }, (_, client) => ({
    offerId: `${client}-${hour}`, clientId: `c${String(client + 1).padStart(5, '0')}`, merchantId: `m00${String(1 + ((client + hour) % 14)).padStart(2, '0')}`, campaignId: 'k', arm: 'random',
    terms: { discountPercent: 10, validityDays: 7, minimumCheckMinor: 0 }, issuedMs: nowMs, validUntil: new Date(nowMs + 7 * dayMs).toISOString(),
  }));
}

it('the worth that the oracle expects of offers is what they come to: margin after discounts beyond what would have come anyhow', { timeout: 60_000 }, () => {
  const world = lived('smooth');
  const expected = Object.values(world.truth.oracle['random'] ?? {}).reduce((sum, { made }) => sum + made, 0);
  const came = world.people.reduce((sum, { client: { index } }) => sum + world.ledger.read('marginMinor', index) - world.ledger.read('baseMarginMinor', index), 0);
  expect(expected / came).toBeGreaterThan(0.8);
  expect(expected / came).toBeLessThan(1.25);
});

it('in the world without effect every offer is worth less than nothing', { timeout: 60_000 }, () => {
  const world = lived('no-effect');
  for (const { made, best } of Object.values(world.truth.oracle['random'] ?? {})) expect([made < 0, best]).toEqual([true, 0]);
});
