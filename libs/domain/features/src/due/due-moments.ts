import { flag, integer, optional, placeCodec, record, rising, text, type Codec } from '../stored/codec';
import type { Approach } from './approach';

/** When decisions were due for this client, what still may become due, and what timers must not do again. */
export interface DueMoments {
  lastMs: number | undefined;
  /** The one decision that a new client's timer asks for was asked for. */
  newcomerServed: boolean;
  /** No timer before this: it is night, or nothing is on offer. */
  timersRestUntilMs: number;
  nearMerchant: { readonly merchantId: string; readonly atMs: number } | undefined;
  /** Due moments of the last week that are taken for contacts, in the order of time. */
  contactsMs: number[];
  /** Known only while the client consents to his place. */
  approach: Approach | undefined;
  moved: MovedMoment | undefined;
}

/** What happened in quiet hours and is due when they end. */
export interface MovedMoment {
  readonly trigger: string;
  readonly merchantId: string | undefined;
  readonly mcc: number | undefined;
  readonly atMs: number;
}

export function emptyMoments(): DueMoments {
  return { lastMs: undefined, newcomerServed: false, timersRestUntilMs: 0, nearMerchant: undefined, contactsMs: [], approach: undefined, moved: undefined };
}

const asOfVersion2 = {
  lastMs: optional(integer), newcomerServed: flag, timersRestUntilMs: integer,
  nearMerchant: optional(record<NonNullable<DueMoments['nearMerchant']>>({ merchantId: text, atMs: integer })),
};
const approachCodec = record<Approach>({ merchantId: text, from: placeCodec, sinceMs: integer, lastMs: integer, closestMeters: integer });
const movedCodec = record<MovedMoment>({ trigger: text, merchantId: optional(text), mcc: optional(integer), atMs: integer });

export const momentsCodec: Codec<DueMoments> = record<DueMoments>({ ...asOfVersion2, contactsMs: rising, approach: optional(approachCodec), moved: optional(movedCodec) });

const version2Codec = record<Pick<DueMoments, keyof typeof asOfVersion2>>(asOfVersion2);

/** It is read, and never written again. */
export const momentsOfVersion2: Codec<DueMoments> = {
  write: (bytes, moments) => version2Codec.write(bytes, moments),
  read: (bytes) => ({ ...emptyMoments(), ...version2Codec.read(bytes) }),
};
