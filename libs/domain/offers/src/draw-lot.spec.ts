import { uniform } from '@sp/contracts';
import { expect, it } from 'vitest';
import { drawLot } from './draw-lot';

it('draws lots that are even over clients, for names that differ in one letter too, and independent of each other', () => {
  const clients = Array.from({ length: 5000 }, (_, number) => uniform(`c-${number}`, 1));
  const lots = clients.map((seed) => [drawLot(seed, 'k-1'), drawLot(seed, 'k-2')] as const);
  // Five standard errors: of a mean over 5,000 draws 0.02, of a share of one half 0.035.
  for (const place of [0, 1] as const) expect(Math.abs(lots.reduce((sum, lot) => sum + lot[place], 0) / lots.length - 0.5)).toBeLessThan(0.021);
  expect(Math.abs(lots.filter(([one, other]) => one < other).length / lots.length - 0.5)).toBeLessThan(0.036);
  const both = lots.filter(([one, other]) => one < 0.5 && other < 0.5).length / lots.length;
  expect(Math.abs(both - 0.25)).toBeLessThan(0.031);
});
