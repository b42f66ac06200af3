import type { ClientProfile, ContactState, DecisionPolicy, Finding, NoOfferReason } from '@sp/contracts';
import { localTime, quietEndsMs } from '@sp/features';
import { dayMs } from './day-ms';

export interface Approach {
  readonly profile: ClientProfile;
  readonly contact: ContactState;
  readonly timeMs: number;
  /** The client has asked himself: he is awake, so quiet hours do not hold. */
  readonly requested: boolean;
}

/** What stands against any offer now. */
export interface Barrier extends Finding {
  readonly reason: NoOfferReason;
  /** When it is over, where that is known. */
  readonly untilMs?: number;
}

/** Rules that a counterfactual leaves out. */
export type Relaxed = ReadonlySet<string>;
export const nothingRelaxed: Relaxed = new Set();

type Rule = (approach: Approach, policy: DecisionPolicy) => Barrier | undefined;

/** In the order in which they are asked; the first that holds is the reason. */
const rules: Readonly<Partial<Record<NoOfferReason, Rule>>> = {
  'no-consent': ({ profile }) => (profile.offersConsent ? undefined : { reason: 'no-consent', value: false, threshold: true }),
  'card-too-young': findYoungCard,
  'quiet-hours': findQuietHours,
  'cool-down': findCoolDown,
  'daily-cap': (approach, { contact }) => findCap(approach, 'daily-cap', 1, contact.dailyCap),
  'weekly-cap': (approach, { contact }) => findCap(approach, 'weekly-cap', 7, contact.weeklyCap),
};

/** Why this client may not be approached now, whatever the offer; undefined where he may. */
export function findContactBarrier(approach: Approach, policy: DecisionPolicy, relaxed: Relaxed = nothingRelaxed): Barrier | undefined {
  for (const [reason, rule] of Object.entries(rules)) {
    const barrier = relaxed.has(reason) ? undefined : rule(approach, policy);
    if (barrier) return barrier;
  }
  return undefined;
}

/** Less than so many days apart, in either direction: event times may come in any order, and a cap holds for every window. */
export function isWithin(thenMs: number, days: number, timeMs: number): boolean {
  return Math.abs(timeMs - thenMs) < days * dayMs;
}

function findYoungCard({ profile, timeMs }: Approach, { eligibility: { minimumCardAgeDays } }: DecisionPolicy): Barrier | undefined {
  const { cardSinceMs } = profile;
  if (cardSinceMs === undefined || timeMs - cardSinceMs >= minimumCardAgeDays * dayMs) return undefined;
  return { reason: 'card-too-young', value: Math.floor((timeMs - cardSinceMs) / dayMs), threshold: minimumCardAgeDays, untilMs: cardSinceMs + minimumCardAgeDays * dayMs };
}

function findQuietHours({ profile, timeMs, requested }: Approach, { contact }: DecisionPolicy): Barrier | undefined {
  const untilMs = requested ? undefined : quietEndsMs(timeMs, profile.timeZone, contact);
  if (untilMs === undefined) return undefined;
  const { quietFromHour, quietUntilHour } = contact;
  return { reason: 'quiet-hours', value: clock(localTime(timeMs, profile.timeZone).hour), threshold: `${clock(quietFromHour)}-${clock(quietUntilHour)}`, untilMs };
}

function findCoolDown({ contact, timeMs }: Approach, { contact: { coolDownDays } }: DecisionPolicy): Barrier | undefined {
  const last = contact.declines.findLast((decline) => isWithin(decline.timeMs, coolDownDays, timeMs));
  return last && { reason: 'cool-down', value: daysBetween(last.timeMs, timeMs), threshold: coolDownDays, untilMs: last.timeMs + coolDownDays * dayMs };
}

function findCap({ contact, timeMs }: Approach, reason: 'daily-cap' | 'weekly-cap', days: number, cap: number): Barrier | undefined {
  const made = contact.exposures.filter((exposure) => isWithin(exposure.timeMs, days, timeMs)).length;
  return made >= cap ? { reason, value: made, threshold: cap } : undefined;
}

export function daysBetween(thenMs: number, timeMs: number): number {
  return Math.round((100 * Math.abs(timeMs - thenMs)) / dayMs) / 100;
}

/** 22.5 is 22:30. */
function clock(hour: number): string {
  const minutes = Math.floor(hour * 60 + 1e-6);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
