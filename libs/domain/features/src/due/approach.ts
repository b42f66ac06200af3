import { distance } from 'geokdbush';
import type { LineEventOf, Place } from '@sp/contracts';
import type { Merchant } from '../reference/merchant-table';
import { minuteMs } from '../time-units';
import { duePolicy } from './due-policy';

/** A client inside a merchant's fence, not gone again and not too fast: near him only after he has been so for a while. */
export interface Approach {
  readonly merchantId: string;
  /** The first fix inside, and when it was. */
  readonly from: Place;
  readonly sinceMs: number;
  /** Of the newest fix. */
  lastMs: number;
  closestMeters: number;
}

export type Fix = Pick<LineEventOf<'client.located'>['data'], 'lat' | 'lon' | 'accuracyMeters'> & { readonly timeMs: number };

/** The fix before, wherever it was. */
export interface LastSeen {
  readonly place: Place | undefined;
  readonly atMs: number | undefined;
}

/**
 * How the approach goes on with this fix, which lies in the merchant's fence; undefined for one who drives. It begins anew where he
 * turns away or was not heard of for long. Distances are taken less the fix's own error, so that a poor fix makes nobody fast.
 */
export function approachWith(approach: Approach | undefined, fix: Fix, before: LastSeen, merchant: Merchant): Approach | undefined {
  if (isFast(fix, before.place, before.atMs)) return undefined;
  const toMerchantMeters = Math.round(merchant.location ? metersBetween(fix, merchant.location) : 0);
  const begun: Approach = { merchantId: merchant.merchantId, from: { lat: fix.lat, lon: fix.lon }, sinceMs: fix.timeMs, lastMs: fix.timeMs, closestMeters: toMerchantMeters };
  if (!approach || approach.merchantId !== merchant.merchantId || fix.timeMs - approach.lastMs > duePolicy.approachHoldsMinutes * minuteMs) return begun;
  if (isFast(fix, approach.from, approach.sinceMs)) return undefined;
  if (toMerchantMeters - fix.accuracyMeters > approach.closestMeters + duePolicy.turnsAwayMeters) return begun;
  return { ...approach, lastMs: fix.timeMs, closestMeters: Math.min(approach.closestMeters, toMerchantMeters) };
}

/** Whoever has not been seen to leave by then stays; a phone that does not move reports nothing. */
export function dwellEndsMs({ sinceMs }: Approach): number {
  return sinceMs + duePolicy.dwellMinutes * minuteMs;
}

/** A dwell that ended so long ago describes a moment that has passed. */
export function isStale(approach: Approach, nowMs: number): boolean {
  return nowMs - approach.lastMs > duePolicy.approachHoldsMinutes * minuteMs;
}

function isFast(fix: Fix, place: Place | undefined, atMs: number | undefined): boolean {
  if (!place || atMs === undefined || fix.timeMs <= atMs) return false;
  return (metersBetween(fix, place) - fix.accuracyMeters) / ((fix.timeMs - atMs) / 1000) > duePolicy.fastMetersASecond;
}

function metersBetween(one: Place, other: Place): number {
  return 1000 * distance(one.lon, one.lat, other.lon, other.lat);
}
