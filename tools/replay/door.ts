import type { OutgoingEvent } from './produced';

/** What became of one event, as the door said it. */
export interface Verdict {
  readonly status: 'accepted' | 'duplicate' | 'rejected';
  /** Of a rejected one. */
  readonly reason?: string;
}

/** Where events go: over HTTP, or into a check of them. */
export interface Door {
  /** One verdict an event, in their order. */
  send(events: readonly OutgoingEvent[]): Promise<Verdict[]>;
  /** How often a batch went out again since the door was busy or its answer stayed away: what was taken is then told as a duplicate. */
  readonly resentBatches: number;
}
