import { sumOfRows, type LineEvent, type NumberRow } from '@sp/contracts';
import { anEvent } from '@sp/contracts/testing';
import { expect, it } from 'vitest';
import { foldOpenOffers, wakeOpenOffers, type AttributionStep, type OpenOffers } from './attribution';
import { banditDeltasOf } from './bandit-deltas';
import { aDecisionInput, inArm, madeAt, noonMs } from './builders';
import { dayMs } from './day-ms';
import { decide } from './decide';

const made = madeAt(noonMs, decide(aDecisionInput()).record);
const ghostMade = madeAt(noonMs, decide(aDecisionInput({ experiment: inArm('holdout') })).record);
const purchase = anEvent('transaction.authorised', { timeMs: noonMs + dayMs, data: { amountMinor: 4000 } });
const reversed: LineEvent = { type: 'purchase.reversed', id: 'r', source: 'test', subject: 'c-1', timeMs: noonMs + 2 * dayMs, data: { transactionId: 't-1', amountMinor: 4000, isWhole: true, currency: 'EUR', channel: 'offline' } };
const period = Math.floor(noonMs / (28 * dayMs));
const campaign = `m1|${period}|k-1`;
const bucket = Math.floor(noonMs / (2 * dayMs));

function summed(...events: LineEvent[]): Record<string, NumberRow> {
  let state: OpenOffers | undefined;
  const rows: Record<string, NumberRow> = {};
  const note = (step: AttributionStep): void => {
    for (const { key, delta } of banditDeltasOf(state, step)) rows[key] = sumOfRows(rows[key], delta);
    ({ state } = step);
  };
  for (const event of events) note(foldOpenOffers(state, event));
  for (const days of [8, 60]) note(wakeOpenOffers(state, noonMs + days * dayMs));
  return rows;
}

it('counts what was predicted once, and what came', () => {
  expect(summed(made, made)).toEqual({ [`${campaign}|mass`]: { [`expected:${bucket}`]: 100_000 }, [campaign]: { [`expected:${bucket}`]: 100_000 } });
  expect(summed(made, purchase, purchase)[campaign]).toEqual({ [`expected:${bucket}`]: 100_000, [`redeemed:${bucket}`]: 1 });
  expect(summed(made, purchase)['*']).toEqual({ 'tenth:1': 1 });
});

it('takes back what was reversed', () => {
  expect(summed(made, purchase, reversed)).toMatchObject({ [campaign]: { [`redeemed:${bucket}`]: 0 }, '*': { 'tenth:1': 0 } });
});

it('learns nothing of offers from ghosts', () => {
  expect(summed(ghostMade, purchase)).toEqual({});
});
