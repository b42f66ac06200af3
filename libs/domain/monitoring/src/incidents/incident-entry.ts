import type { IncidentReaction } from '@sp/contracts';

/** What a detector says of a signal, in event time. */
export interface Sighting {
  /** What is watched: `rate:transaction.authorised`, `merchant:m-7`. */
  readonly signal: string;
  /** Signals of one group that turn strange near to each other are one incident. */
  readonly group: string;
  readonly atMs: number;
  readonly noData: boolean;
  readonly direction: 'low' | 'high';
  readonly count: number;
  readonly expected: number;
}

/** The book is a fold over these, in the order in which they were written. `atMs` is event time. */
export type IncidentEntry =
  | ({ readonly kind: 'detected' } & Sighting)
  | ({ readonly kind: 'recovered' } & Sighting)
  | { readonly kind: 'acknowledged' | 'mitigated'; readonly incidentId: string; readonly atMs: number; readonly by: string; readonly note: string }
  | { readonly kind: 'resolved'; readonly incidentId: string; readonly atMs: number; readonly by: string; readonly note: string; readonly whileFiring: boolean }
  | { readonly kind: 'silenced'; readonly silenceId: string; readonly atMs: number; readonly by: string; readonly why: string; readonly signal: string; readonly untilMs: number }
  | { readonly kind: 'unsilenced'; readonly silenceId: string; readonly atMs: number; readonly by: string }
  | ({ readonly kind: 'reacted'; readonly incidentId: string; readonly atMs: number } & Omit<IncidentReaction, 'atMs'>)
  | { readonly kind: 'notified'; readonly incidentId: string; readonly atMs: number; readonly message: 'opened' | 'flapping' };
