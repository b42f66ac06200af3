import { afterAll, beforeAll, expect, it } from 'vitest';
import { fuzzDoor } from './fuzz-door';
import { plantedCards } from './odd-values';
import { openOwnDoor, type OwnDoor } from './own-door';

// Real: HTTP, the built ingest, nats-server.
let door: OwnDoor;
beforeAll(async () => {
  door = await openOwnDoor();
});
afterAll(() => door?.close());

it('gets an answer for every mutated event from the real door, whose log names no card number', { timeout: 120_000 }, async () => {
  const { counts, problems } = await fuzzDoor(door.url, { seed: 1, from: 1_000_000, inputs: 1_000 });
  expect(problems).toEqual([]);
  expect(counts.get('card-number') ?? 0).toBeGreaterThan(10);
  expect(door.isAlive()).toBe(true);
  for (const card of plantedCards) expect(door.said.join('\n')).not.toContain(card);
});
