import type { DecisionMade, IssuedOffer, LineEvent, LineEventOf } from '@sp/contracts';
import { anEvent, mondayMs } from '@sp/contracts/testing';
import { trySchedules, type Random } from '@sp/dataflow/testing';
import { expect, it } from 'vitest';
import { feedbackLoopFlow } from './feedback-loop.flow';

const hourMs = 3_600_000;
const clients = ['c-1', 'c-2', 'c-3', 'c-4'];

function made(random: Random, number: number, clientId: string, timeMs: number): DecisionMade {
  const decisionId = `d-${number}`;
  const base = { decisionId, clientId, scenario: 'event', arm: 'model' } as const;
  const offer: IssuedOffer = {
    ...base, offerId: `o-${number}`, merchantId: random.pick(['m-1', 'm-2']), campaignId: 'k-1', terms: { discountPercent: 10, validityDays: 1, minimumCheckMinor: 1000 }, currency: 'EUR',
    validUntil: new Date(timeMs + random.pick([2, 24]) * hourMs).toISOString(),
  };
  const outcome = random.pick(['offer', 'offer', 'ghost', 'none'] as const);
  return {
    type: 'decision.made', id: decisionId, source: 'test', subject: clientId, timeMs,
    data: {
      ...base, trigger: 'app-opened', triggerEventId: `e-${number}`, experimentId: 'x', epoch: 1, salt: 's', outcome, reason: outcome === 'none' ? 'daily-cap' : 'chosen', ...(outcome !== 'none' && { offer }),
      propensity: 0.5, exploration: false, valueMinor: 0, considered: [], features: [number, 0.5], versions: { model: 'm', features: 'f', policy: 'p' },
    },
  };
}

function withReversal(random: Random, event: LineEvent): LineEvent[] {
  if (event.type !== 'transaction.authorised' || !random.chance(0.5)) return [event];
  const { transactionId, amountMinor } = event.data;
  return [event, { type: 'purchase.reversed', id: `r-${transactionId}`, source: 'test', subject: event.subject, timeMs: event.timeMs, data: { transactionId, amountMinor: random.pick([500, amountMinor]), isWhole: false, currency: 'EUR', channel: 'offline' } }];
}

function someEvent(random: Random, number: number, timeMs: number): LineEvent {
  const base = { id: `e-${number}`, subject: random.pick(clients), timeMs };
  const draw = random.below(20);
  if (draw < 8) return made(random, number, base.subject, timeMs);
  if (draw < 12) return anEvent('offer.responded', { ...base, data: { offerId: `o-${random.below(number + 1)}`, response: random.pick(['viewed', 'accepted', 'declined', 'redeemed', 'refused-by-merchant'] as const) } });
  if (draw < 15) return anEvent('transaction.authorised', { ...base, data: { transactionId: `t-${number}`, merchantId: random.pick(['m-1', 'm-2']), amountMinor: 4_000 } });
  if (draw < 16) return anEvent('client.erasure.requested', base);
  return { ...base, subject: 'clock', type: 'clock.ticked', source: 'test', data: {} };
}

function someEvents(random: Random): LineEvent[] {
  let timeMs = mondayMs + 9 * hourMs;
  return Array.from({ length: random.between(15, 40) }, (_, number) => someEvent(random, number, (timeMs += random.pick([0, 1, hourMs, 30 * hourMs])))).flatMap((event) => withReversal(random, event));
}

const of = <T extends LineEvent['type']>(events: readonly LineEvent[], type: T): LineEventOf<T>[] => events.filter((event): event is LineEventOf<T> => event.type === type);

it('closes an offer into one outcome at most and says each amendment once, through 200 schedules of faults', { timeout: 300_000 }, async () => {
  let outcomes = 0;
  let amendments = 0;
  const { failed } = await trySchedules({
    schedules: 200, seed: 1,
    scenario: {
      flows: [feedbackLoopFlow], events: someEvents,
      expect: ({ ingest: inputs = [], 'feedback-loop': outputs = [] }) => {
        const made = new Set(of(inputs, 'decision.made').flatMap(({ data }) => (data.offer ? [data.offer.offerId] : [])));
        const closed = of(outputs, 'outcome.closed').map(({ data }) => data.offer.offerId);
        expect(new Set(closed).size).toBe(closed.length);
        expect(closed.filter((offerId) => !made.has(offerId))).toEqual([]);
        const words = [...of(outputs, 'outcome.closed'), ...of(outputs, 'outcome.amended')].map(({ data }) => `${data.offer.offerId}:${data.revision}`);
        expect(new Set(words).size).toBe(words.length);
        outcomes += closed.length;
        amendments += words.length - closed.length;
      },
    },
  });
  expect(failed?.message).toBeUndefined();
  expect(outcomes).toBeGreaterThan(200);
  expect(amendments).toBeGreaterThan(5);
});
