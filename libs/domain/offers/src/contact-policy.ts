import { contactLimits, type ClientProfile, type NoOfferReason } from '@sp/contracts';
import { isQuietHour, localTime } from '@sp/features';
import type { ContactState } from './contact-state';
import { dayMs } from './day-ms';

/** How often, when and how boldly a client may be approached. */
export interface ContactPolicy {
  readonly version: string;
  /** Offers in any 24 hours. */
  readonly dailyCap: number;
  /** Offers in any 7 days. */
  readonly weeklyCap: number;
  /** Local hours between which nobody is disturbed; may reach over midnight. */
  readonly quietFromHour: number;
  readonly quietUntilHour: number;
  /** Silence after a declined offer. */
  readonly coolDownDays: number;
  /** The same campaign is not offered again for so long. */
  readonly reofferDays: number;
  /** A merchant whose offer was declined is not offered again for so long. */
  readonly declinedDays: number;
  /** The model arm's share of decisions that are drawn evenly instead of by value. */
  readonly epsilon: number;
}

/** A cautious start. The limits are shared with the feature store, which asks for no decision that they would forbid. */
export const cautiousContactPolicy: ContactPolicy = {
  version: 'cautious-1',
  ...contactLimits,
  reofferDays: 14, declinedDays: 30,
  epsilon: 0.1,
};

export interface Approach {
  readonly profile: ClientProfile;
  readonly contact: ContactState;
  readonly timeMs: number;
  /** The client has asked himself: he is awake, so quiet hours do not hold. */
  readonly requested: boolean;
}

/** Why this client may not be approached now, whatever the offer; undefined where he may. */
export function findContactBarrier({ profile, contact, timeMs, requested }: Approach, policy: ContactPolicy): NoOfferReason | undefined {
  if (!profile.offersConsent) return 'no-consent';
  if (!requested && isQuietHour(localTime(timeMs, profile.timeZone).hour, policy)) return 'quiet-hours';
  if (contact.declines.some((decline) => isWithin(decline.timeMs, policy.coolDownDays, timeMs))) return 'cool-down';
  const exposures = (days: number): number => contact.exposures.filter((exposure) => isWithin(exposure.timeMs, days, timeMs)).length;
  if (exposures(1) >= policy.dailyCap) return 'daily-cap';
  if (exposures(7) >= policy.weeklyCap) return 'weekly-cap';
  return undefined;
}

/** Less than so many days apart, in either direction: event times may come in any order, and a cap holds for every window. */
export function isWithin(thenMs: number, days: number, timeMs: number): boolean {
  return Math.abs(timeMs - thenMs) < days * dayMs;
}
