import type { Envelope } from '@sp/contracts';
import { minuteMs } from './calendar';
import type { Delivery } from './delivery';
import { drawsFor, type Draws } from './draws';
import type { Truth } from './truth';

export const duplicateShare = 0.002;
export const lateShare = 0.002;
export const invalidShare = 0.0005;
const latestMinutes = 120;

const mayBeLate = new Set(['transaction.authorised', 'client.located', 'client.acted']);

/** The bank's small faults, planted on purpose: an event twice, one that comes too late, a broken one beside the true one. */
export function spoil(seed: number, hour: number, deliveries: readonly Delivery[], planted: Truth['planted']): Delivery[] {
  const draws = drawsFor(seed, 'dirt', hour);
  return deliveries.flatMap((item) => (item.planted ? [item] : spoilOne(draws, item, planted)));
}

function spoilOne(draws: Draws, item: Delivery, planted: Truth['planted']): Delivery[] {
  const fault = draws.uniform();
  if (fault < duplicateShare) {
    planted.duplicates++;
    return [item, { atMs: item.atMs + draws.between(0, 60) * minuteMs, envelope: item.envelope, planted: true }];
  }
  if (fault < duplicateShare + lateShare && mayBeLate.has(item.envelope.type)) {
    planted.late++;
    return [{ ...item, atMs: item.atMs + draws.between(5, latestMinutes) * minuteMs, planted: true }];
  }
  if (fault >= 1 - invalidShare) {
    planted.invalid++;
    return [item, { atMs: item.atMs, envelope: broken(draws, item.envelope), planted: true }];
  }
  return [item];
}

/** Each is refused by the contracts for another reason. */
function broken(draws: Draws, envelope: Envelope): Envelope {
  const spoilt = { ...envelope, id: `${envelope.id}-broken` };
  switch (draws.whole(0, 4)) {
    case 0: return { ...spoilt, type: 'transaction.imagined' };
    case 1: return { ...spoilt, time: 'yesterday' };
    case 2: return { ...spoilt, type: 'transaction.authorised', data: { transactionId: spoilt.id, kind: 'purchase', amountMinor: -1, currency: 'EUR', channel: 'online', mcc: 5411 } };
    // The card industry's public test number, so that the door's refusal of card numbers is seen at work.
    case 3: return { ...spoilt, type: 'transaction.authorised', data: { transactionId: spoilt.id, kind: 'transfer', counterparty: '4111 1111 1111 1111', amountMinor: 100, currency: 'EUR', channel: 'online' } };
    default: return { ...spoilt, subject: '' };
  }
}
