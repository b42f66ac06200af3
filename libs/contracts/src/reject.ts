/** Why an event was not taken; codes, so that they can be counted and alerted on. */
export type RejectCode =
  | 'malformed-envelope' | 'unknown-type' | 'invalid-data' | 'card-number' | 'conflict' | 'too-old' | 'too-far-ahead' | 'wrong-currency' | 'unknown-original' | 'too-large' | 'reserved-source' | 'not-permitted';

/** A bad event is a value: what is wrong with which field, for a person to act on. */
export interface Reject {
  readonly code: RejectCode;
  /** Path of the culprit, e.g. `data.amountMinor`; empty where it is the whole. */
  readonly field: string;
  readonly message: string;
}
