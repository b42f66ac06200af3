import { expect, test } from 'vitest';
import { detectableEffectBySimulation, detectionTime } from './detection-time';
import { minimumDetectableEffect } from './power';

const plan = { standardDeviation: 30, clientsPerDayPerArm: 100, horizonDays: 20, experiments: 1000 };

test('without an effect no more is called than alpha', () => {
  const result = detectionTime(0, plan);
  expect(result.known && result.power).toBeLessThan(0.065);
});

test('the effect that is found while looking daily is a little larger than that of one look, and a sequence wants more', () => {
  const once = minimumDetectableEffect({ standardDeviation: 30, controlClients: 2000, treatedClients: 2000 });
  const daily = detectableEffectBySimulation(plan);
  const sequence = detectableEffectBySimulation({ ...plan, method: 'confidence-sequence' });
  if (!once.known || !daily.known || !sequence.known) throw new Error('no effect');
  expect(daily.effect / once.effect).toBeGreaterThan(1);
  expect(daily.effect / once.effect).toBeLessThan(1.25);
  expect(sequence.effect).toBeGreaterThan(daily.effect);
});

test('a large effect is found early', () => {
  expect(detectionTime(8, plan)).toMatchObject({ known: true, power: 1, medianDays: expect.closeTo(4, -1) });
});

test('nobody a day finds nothing', () => {
  expect(detectionTime(1, { ...plan, clientsPerDayPerArm: 0 })).toEqual({ known: false, reason: 'too-few-observations' });
});
