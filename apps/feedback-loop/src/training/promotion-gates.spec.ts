import { measure, type ModelCard } from '@sp/learning';
import { describe, expect, it } from 'vitest';
import { judgeChallenger } from './promotion-gates';

const rows = 2_000;
/** Every third offer is redeemed where the number is high, every twentieth where it is low. */
const chances = Float32Array.from({ length: rows }, (_, row) => (row % 2 === 0 ? 1 / 3 : 1 / 20));
const redeemed = Float32Array.from({ length: rows }, (_, row) => Number(row % 2 === 0 ? Math.floor(row / 2) % 3 === 0 : Math.floor(row / 2) % 20 === 0));
const noise = Float32Array.from({ length: rows }, (_, row) => ((row * 7919) % 1_000) / 1_000);

function aCard(probabilities: Float32Array, maximumDifference = 1e-7): ModelCard {
  const test = measure(redeemed, probabilities, { threshold: 0.2, beta: 0.25 });
  return { parity: { rows: 1_000, maximumDifference }, metrics: { test, crossValidation: test } } as ModelCard;
}

const passed = (input: Parameters<typeof judgeChallenger>[0]): string[] => judgeChallenger(input).filter((gate) => gate.passed).map(({ name }) => name);

describe('the gates before a promotion', () => {
  it('let a good model take the place of chance, of noise, and of its equal', () => {
    for (const champion of [undefined, noise, chances]) expect(passed({ card: aCard(chances), redeemed, challenger: chances, champion })).toEqual(['parity', 'calibration', 'off-policy value']);
  });

  it('hold back noise that would follow a good model', () => {
    expect(passed({ card: aCard(chances), redeemed, challenger: noise, champion: chances })).toEqual(['parity', 'calibration']);
  });

  it('do not hold chance against a model that was judged on few rows', () => {
    const probabilities = Float32Array.from({ length: 100 }, (_, row) => (row % 10) / 10 + 0.05);
    const labels = probabilities.map((probability, row) => Number(((row * 37) % 100) / 100 < probability));
    const test = measure(labels, probabilities, { threshold: 0.5, beta: 0.25 });
    const card = { parity: { rows: 100, maximumDifference: 0 }, metrics: { test, crossValidation: test } } as ModelCard;
    expect(passed({ card, redeemed: labels, challenger: probabilities, champion: undefined })).toContain('calibration');
  });

  it('hold back a model that promises too much, and one that was exported wrongly', () => {
    const boastful = chances.map((chance) => chance + 0.3);
    expect(passed({ card: aCard(boastful), redeemed, challenger: boastful, champion: undefined })).not.toContain('calibration');
    expect(passed({ card: aCard(chances, 1e-3), redeemed, challenger: chances, champion: undefined })).not.toContain('parity');
  });
});
