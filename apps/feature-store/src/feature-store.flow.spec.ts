import type { LineEvent } from '@sp/contracts';
import { anEvent, mondayMs } from '@sp/contracts/testing';
import { trySchedules, type Random } from '@sp/dataflow/testing';
import { expect, it } from 'vitest';
import { featureStoreFlow } from './feature-store.flow';

const minuteMs = 60_000;
const clients = ['c-1', 'c-2'];

function someEvent(random: Random, number: number, timeMs: number): LineEvent {
  const base = { id: `e-${number}`, subject: random.pick(clients), timeMs };
  const draw = random.below(20);
  if (number < clients.length) return anEvent('client.registered', { ...base, subject: clients[number]! });
  if (draw < 8) return anEvent('transaction.authorised', { ...base, data: { transactionId: `t-${number}`, merchantId: random.pick(['m-1', 'm-2', 'nobody']), amountMinor: random.between(100, 9_000) } });
  if (draw < 10) return anEvent('transaction.reversed', { ...base, data: { transactionId: `t-${number - random.between(1, 4)}`, ...(random.chance(0.5) && { amountMinor: 50 }) } });
  if (draw < 12) return anEvent('client.located', base);
  if (draw < 14) return anEvent('client.acted', { ...base, data: { action: random.pick(['app-opened', 'merchant-viewed']), merchantId: 'm-1' } });
  if (draw < 15) return anEvent('client.consent.changed', { ...base, data: { consents: { offers: random.chance(0.7), geo: true } } });
  if (draw < 16) return anEvent(random.pick(['client.erasure.requested', 'client.registered'] as const), base);
  return { ...base, subject: 'clock', type: 'clock.ticked', source: 'test', data: {} };
}

function someEvents(random: Random): LineEvent[] {
  let timeMs = mondayMs + 9 * 60 * minuteMs;
  return Array.from({ length: random.between(15, 40) }, (_, number) => someEvent(random, number, (timeMs += random.pick([0, minuteMs, 20 * minuteMs, 26 * 60 * minuteMs])) - (random.chance(0.1) ? 90 * minuteMs : 0)));
}

const someFacts = (random: Random): LineEvent[] => [
  anEvent('merchant.registered', { id: 'm' }),
  anEvent('campaign.published', { id: 'k' }),
  anEvent('merchant.registered', { id: 'm2', data: { merchantId: 'm-2', mcc: 5411 } }),
  ...(random.chance(0.5) ? [anEvent('merchant.registered', { id: 'm-moved', data: { location: { lat: 52.6, lon: 13.4 } } })] : []),
];

const identities = (events: readonly LineEvent[], type: LineEvent['type']): string[] => events.filter((event) => event.type === type).map(({ subject, id }) => `${subject} ${id}`);

it('makes the same vectors, and no moment due twice, through 200 schedules of faults', { timeout: 300_000 }, async () => {
  let [due, reversed] = [0, 0];
  const { failed } = await trySchedules({
    schedules: 200, seed: 1,
    scenario: {
      flows: [featureStoreFlow], events: someEvents, facts: someFacts,
      expect: ({ 'feature-store': outputs = [] }) => {
        const [moments, reversals] = [identities(outputs, 'decision.due'), identities(outputs, 'purchase.reversed')];
        expect(new Set(moments).size).toBe(moments.length);
        expect(new Set(reversals).size).toBe(reversals.length);
        due += moments.length;
        reversed += reversals.length;
      },
    },
  });
  expect(failed?.message).toBeUndefined();
  expect(Math.min(due, reversed)).toBeGreaterThan(80);
});
