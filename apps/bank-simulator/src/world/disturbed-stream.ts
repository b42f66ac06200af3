import type { Envelope } from '@sp/contracts';
import { minuteMs } from './calendar';
import type { Delivery } from './delivery';
import { keyOf, uniformAt } from './draws';
import { touch, type Truth } from './truth';
import type { Trouble, TroubleBook } from './troubles';

export interface Disturbance {
  readonly seed: number;
  readonly book: TroubleBook;
  readonly truth: Truth;
}

type Effect = (item: Delivery, trouble: Trouble, draw: (of: number) => number) => Delivery[];

const mayBeLate = new Set(['transaction.authorised', 'client.located', 'client.acted']);

/** The planted troubles of the stream itself; what a trouble touches is decided by the event's id, so that it is the same in every run. */
export function disturb({ seed, book, truth }: Disturbance, items: readonly Delivery[]): Delivery[] {
  return items.flatMap((item) => {
    // What is planted already is spared a second trouble; only a silent stream is silent for it too.
    const trouble = book.around(item.atMs).find((one) => (!item.planted || one.kind === 'stream-outage') && touches(one, item));
    const effect = trouble && effects[trouble.kind];
    if (!trouble || !effect) return [item];
    const draw = (of: number): number => uniformAt(seed, 'trouble', keyOf(item.envelope.id), of);
    if (draw(0) >= trouble.size) return [item];
    touch(truth, trouble.kind);
    return effect(item, trouble, draw);
  });
}

function touches({ kind, startMs, endMs, what }: Trouble, { atMs, envelope: { type } }: Delivery): boolean {
  if (atMs < startMs || atMs >= endMs || !(kind in effects)) return false;
  if (kind === 'late-and-reordered') return mayBeLate.has(type);
  if (kind === 'dirty-fields') return type === 'transaction.authorised' || type === 'client.located';
  return what === 'everything' || what === type;
}

const effects: Partial<Record<Trouble['kind'], Effect>> = {
  'half-volume': () => [],
  // The source had them all, and sends them when it is back.
  'stream-outage': (item, { endMs }, draw) => [{ ...item, atMs: endMs + Math.floor(draw(1) * 10 * minuteMs), planted: true }],
  'double-delivery': (item, _, draw) => [item, { ...item, atMs: item.atMs + Math.floor(draw(1) * 30 * minuteMs), planted: true }],
  'late-and-reordered': (item, _, draw) => [{ ...item, atMs: item.atMs + Math.floor((5 + draw(1) * 355) * minuteMs), planted: true }],
  'dirty-fields': (item, _, draw) => [{ ...item, envelope: dirty(item.envelope, draw(1)), planted: true }],
};

/** Of transactions, two in three are refused by the contracts and one has lost its category; of positions, latitude and longitude change places. */
function dirty(envelope: Envelope, draw: number): Envelope {
  const data = envelope.data as Record<string, unknown>;
  if (envelope.type === 'client.located') return { ...envelope, data: { ...data, lat: data['lon'], lon: data['lat'] } };
  if (draw < 1 / 3) return { ...envelope, data: { ...data, amountMinor: -Number(data['amountMinor']) } };
  return { ...envelope, data: draw < 2 / 3 ? { ...data, currency: 'EURO' } : { ...data, mcc: 0 } };
}
