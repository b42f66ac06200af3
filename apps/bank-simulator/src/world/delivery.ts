import type { BankEventData, BankEventType, Envelope } from '@sp/contracts';
import type { Happening } from './truth';

export const source = 'bank-simulator';

/** An event on its way to the door; `atMs` is when it is delivered, which a late one is after its own time. */
export interface Delivery {
  readonly atMs: number;
  readonly envelope: Envelope;
  /** What becomes true with it; counted when it is delivered. */
  readonly happening?: Happening;
  /** Already a planted fault: never spoilt a second time. */
  readonly planted?: boolean;
}

export function delivery<T extends BankEventType>(
  type: T,
  event: { readonly id: string; readonly subject: string; readonly timeMs: number; readonly data: BankEventData<T>; readonly happening?: Happening },
): Delivery {
  const { id, subject, timeMs, data, happening } = event;
  const wholeMs = Math.floor(timeMs);
  const envelope: Envelope = { specversion: '1.0', id, source, type, subject, time: new Date(wholeMs).toISOString(), data };
  return { atMs: wholeMs, envelope, ...(happening && { happening }) };
}
