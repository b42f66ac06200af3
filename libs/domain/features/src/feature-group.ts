import type { Place } from '@sp/contracts';
import type { ClientFacts } from './groups/client-facts';
import type { Codec } from './stored/codec';

/** A purchase as it is remembered for its reversal. */
export interface Booking {
  readonly timeMs: number;
  readonly amountMinor: number;
  readonly currency: string;
  readonly online: boolean;
  readonly merchantId: string | undefined;
  readonly mcc: number | undefined;
}

/** A counted purchase, or one that is being taken back. */
export interface Purchase extends Booking {
  /** The client's. */
  readonly timeZone: string;
  /** Of the merchant, for a purchase made there, while the client consents to his place. */
  readonly place?: Place | undefined;
}

export interface Reversal {
  /** As it was counted, with what is left of its amount before this reversal. */
  readonly purchase: Purchase;
  readonly amountMinor: number;
  /** Nothing of the purchase is left: it no longer counts. */
  readonly isWhole: boolean;
}

export interface Contact {
  readonly timeMs: number;
  readonly offerId: string;
  readonly kind: 'recorded' | 'viewed' | 'accepted' | 'declined' | 'redeemed';
}

export interface Sighting {
  readonly timeMs: number;
  readonly place: Place;
  readonly timeZone: string;
}

export interface Action {
  readonly timeMs: number;
  readonly name: string;
  readonly sessionId: string | undefined;
  /** As the app says it. */
  readonly entryPoint: string | undefined;
}

/** The moment for which features are read. */
export interface Reading {
  readonly timeMs: number;
  readonly facts: ClientFacts;
}

/** What several features of a group are read from, computed at the first of them: nothing changes a state while its vector is read. */
export function oncePerReading<Slice, Value>(compute: (slice: Slice, reading: Reading) => Value): (slice: Slice, reading: Reading) => Value {
  let last: { readonly slice: Slice; readonly reading: Reading; readonly value: Value } | undefined;
  return (slice, reading) => {
    if (last?.reading !== reading || last.slice !== slice) last = { slice, reading, value: compute(slice, reading) };
    return last.value;
  };
}

/** `integer` and `flag` (0 or 1) are exact wherever they are computed; a `real` may differ in its last digits between two ways of summing. */
export type FeatureType = 'integer' | 'real' | 'flag';

export interface Feature<Slice> {
  /** With its unit, where it has one. */
  readonly name: string;
  readonly type: FeatureType;
  /** When the value is NaN; a feature without this is never NaN. */
  readonly missing?: string;
  readonly value: (slice: Slice, reading: Reading) => number;
}

/**
 * A group of features over one slice of a client's state: what the slice is, what each event writes into it, what is read.
 * Writers change the slice in place and may meet late events: counts and sums take them, last-times never move back.
 */
export interface FeatureGroup<Slice> {
  readonly empty: () => Slice;
  /** How the slice is stored. */
  readonly codec: Codec<Slice>;
  readonly features: readonly Feature<Slice>[];
  readonly purchased?: (slice: Slice, purchase: Purchase) => void;
  readonly reversed?: (slice: Slice, reversal: Reversal) => void;
  readonly contacted?: (slice: Slice, contact: Contact) => void;
  readonly sighted?: (slice: Slice, sighting: Sighting) => void;
  readonly acted?: (slice: Slice, action: Action) => void;
}
