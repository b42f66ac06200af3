import { sumOfRows, type NumberRow } from '@sp/contracts';
import { anEvent, mondayMs } from '@sp/contracts/testing';
import { expect, it } from 'vitest';
import type { ClientState } from './client-state';
import { foldClient, type ClientEvent } from './fold-client';
import { segmentDeltasOf } from './segment-spend';
import { aTown, bakery } from './testing/a-town';
import { dayMs } from './time-units';

const town = aTown(bakery);
const monday = mondayMs / dayMs;

function sumsAfter(...events: readonly ClientEvent[]): Record<string, NumberRow> {
  const sums: Record<string, NumberRow> = {};
  let state: ClientState | undefined;
  for (const event of events) {
    const [before, segment] = [state, state?.facts.segment];
    const step = foldClient(state, event, town);
    for (const { key, delta } of segmentDeltasOf(segment, before, step)) sums[key] = sumOfRows(sums[key], delta as NumberRow);
    ({ state } = step);
  }
  return sums;
}

const registered = (segment: string): ClientEvent => anEvent('client.registered', { id: `in-${segment}`, data: { segment } });
const bought = (transactionId: string, amountMinor: number): ClientEvent => anEvent('transaction.authorised', { id: transactionId, data: { transactionId, amountMinor, merchantId: 'bakery' } });

it('counts a client and what he spends in his segment, by the groups of categories', () => {
  expect(sumsAfter(registered('affluent'), bought('t-1', 400), bought('t-2', 600))).toEqual({ 'affluent': { clients: 1, firstDays: monday, spendMinor: 1_000 }, 'affluent|food-stores': { spendMinor: 1_000 } });
});

it('counts a repeated purchase once, and takes back what is reversed', () => {
  const reversed = anEvent('transaction.reversed', { data: { transactionId: 't-1', amountMinor: 150 } });
  expect(sumsAfter(registered('mass'), bought('t-1', 400), bought('t-1', 400), reversed)).toMatchObject({ 'mass': { spendMinor: 250 }, 'mass|food-stores': { spendMinor: 250 } });
});

it('lets a client leave the segment for another, and everyone once he is erased', () => {
  const moved = sumsAfter(registered('mass'), bought('t-1', 400), registered('affluent'));
  expect(moved).toMatchObject({ mass: { clients: 0, firstDays: 0, spendMinor: 400 }, affluent: { clients: 1, firstDays: monday } });
  expect(sumsAfter(registered('mass'), anEvent('client.erasure.requested', {}))).toEqual({ mass: { clients: 0, firstDays: 0 } });
});

it('leaves nothing of a request for a client who is not known', () => {
  expect(sumsAfter({ type: 'decision.requested', id: 'r', source: 's', subject: 'c-1', timeMs: mondayMs, data: { context: {}, replySubject: '' } })).toEqual({});
});
