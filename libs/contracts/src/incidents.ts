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

export const reactionActions = ['pause-campaign', 'pause-merchant', 'activate-model', 'roll-back-model', 'freeze-model', 'fall-back-to-rules', 'raise-holdout', 'open-review'] as const;
export type ReactionAction = (typeof reactionActions)[number];

/** When a signal of that name turns strange in that direction, this is done, or proposed to whoever looks. */
export interface ReactionRule {
  /** A signal, or all that begin alike: `terms:*`. */
  readonly signal: string;
  /** Either, where it is left out. */
  readonly direction?: 'low' | 'high';
  readonly action: ReactionAction;
  /** `{name}` is what stands behind the signal's first colon; a model's name, a share. Empty where the action needs none. */
  readonly target: string;
  readonly mode: 'act' | 'propose';
}

/** What is done without being asked; a document that people change by name. */
export interface ReactionPolicy {
  readonly version: string;
  readonly rules: readonly ReactionRule[];
}

export interface ProposedReaction {
  readonly action: ReactionAction;
  readonly target: string;
}

/** What was done about it; undone by another operator's command, and both stand in the timeline. */
export interface IncidentReaction {
  readonly reactionId: string;
  readonly action: ReactionAction;
  /** A campaign's or merchant's id, a model's version, the holdout's share. */
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
  /** What the policy would do about it and nobody has done yet. */
  readonly proposals: readonly ProposedReaction[];
  readonly charts: readonly { readonly signal: string; readonly points: readonly SignalPoint[] }[];
}
