/** Incidents as monitor answers them; all times are event time. */

export type IncidentState = 'open' | 'acknowledged' | 'mitigated' | 'resolved' | 'reopened';

/** One signal of an incident, as it was when it turned strange. */
export interface IncidentSignal {
  readonly signal: string;
  readonly firing: boolean;
  readonly noData: boolean;
  readonly direction: 'low' | 'high';
  readonly sinceMs: number;
  readonly untilMs?: number;
  readonly count: number;
  readonly expected: number;
}

export interface IncidentMoment {
  readonly kind: 'opened' | 'fired' | 'quiet' | 'acknowledged' | 'mitigated' | 'resolved' | 'reopened' | 'reacted' | 'notified';
  readonly atMs: number;
  readonly by: string;
  readonly note: string;
}

export const reactionActions = ['pause-campaign', 'pause-merchant', 'activate-model'] as const;
export type ReactionAction = (typeof reactionActions)[number];

/** What was done about it; undone by another operator's command, and both stand in the timeline. */
export interface IncidentReaction {
  readonly reactionId: string;
  readonly action: ReactionAction;
  /** A campaign's or merchant's id, a model's version. */
  readonly target: string;
  /** What it replaced, so that it can be undone. */
  readonly before: string;
  readonly by: string;
  readonly atMs: number;
  readonly undone: boolean;
}

export interface Incident {
  readonly incidentId: string;
  readonly group: string;
  /** The first signal's name. */
  readonly title: string;
  readonly state: IncidentState;
  readonly firing: boolean;
  readonly openedAtMs: number;
  readonly quietSinceMs?: number;
  readonly resolvedAtMs?: number;
  /** How often it has begun to fire. */
  readonly flaps: number;
  readonly notifications: number;
  readonly signals: readonly IncidentSignal[];
  readonly timeline: readonly IncidentMoment[];
  readonly reactions: readonly IncidentReaction[];
}

export interface Silence {
  readonly silenceId: string;
  /** A signal, or all that begin alike: `rate:*`. */
  readonly signal: string;
  readonly by: string;
  readonly why: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What a signal was around an incident, with what was expected. */
export interface SignalPoint {
  readonly timeMs: number;
  readonly count: number;
  readonly expected?: number;
}

export interface IncidentDetail extends Incident {
  readonly isSilenced: boolean;
  readonly charts: readonly { readonly signal: string; readonly points: readonly SignalPoint[] }[];
}
