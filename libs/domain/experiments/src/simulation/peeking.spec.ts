import { expect, test } from 'vitest';
import { peekingWorlds, simulatePeeking } from './peeking';
import { simulatePower } from './spend-power';

/** A small share of `npm run peeking`; the limits stand two standard errors of 400 experiments above what is promised. */
const share = { experiments: 400, looks: 30, alpha: 0.05, seed: 1 };
const few = peekingWorlds.filter(({ clientsPerArm }) => clientsPerArm === 300);

test.each(few.map((world) => [world.name, world] as const))('thirty looks at two equal arms of 300 clients, %s', (_, world) => {
  const { fixedTest, groupSequential, sequence } = simulatePeeking(world, share);
  expect(groupSequential).toBeLessThan(0.055 + 0.023);
  expect(sequence).toBeLessThan(0.02 + 0.014);
  expect(fixedTest).toBeGreaterThan(0.13);
});

test('winsorised and with the pre-period, spend has at least 1.7 times the power', () => {
  const { plain, adjusted } = simulatePower({ clientsPerArm: 1000, lift: 0.22, experiments: 200, alpha: 0.05, seed: 1 });
  expect(adjusted / plain).toBeGreaterThan(1.7);
});
