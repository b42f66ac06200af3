import { expect, it } from 'vitest';
import { dayMs } from './calendar';
import type { ReceivedOffer } from './received-offer';
import { World } from './world';
import type { WorldKind } from './worlds';

const startMs = Date.UTC(2026, 0, 5);
const clients = 400;

/** One offer a week for everybody, for four weeks of eight, so that the purchases whose place an offer took would have come by the end. */
function lived(kind: WorldKind, seed: number): World {
  const world = World.start({ seed, clients, merchants: 60, campaigns: 30, startMs, world: kind, troubles: 'none' });
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

it('the worth that the oracle expects of offers is what they come to, as nearly as luck allows: margin after discounts beyond what would have come anyhow', { timeout: 60_000 }, () => {
  const world = lived('smooth', 3);
  const expected = Object.values(world.truth.oracle['random'] ?? {}).reduce((sum, { made }) => sum + made, 0);
  const came = world.people.map(({ client: { index } }) => world.ledger.read('marginMinor', index) - world.ledger.read('baseMarginMinor', index));
  const total = came.reduce((sum, one) => sum + one, 0);
  const error = Math.sqrt(came.reduce((sum, one) => sum + (one - total / came.length) ** 2, 0));
  expect(Math.abs(expected - total)).toBeLessThan(2.5 * error);
});

it('in the world without effect every offer is worth less than nothing', { timeout: 60_000 }, () => {
  for (const { made, best } of Object.values(lived('no-effect', 3).truth.oracle['random'] ?? {})) expect([made < 0, best]).toEqual([true, 0]);
});
