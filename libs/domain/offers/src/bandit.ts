import type { NumberRow } from '@sp/contracts';
import { dayMs } from './day-ms';

/** Offers of so many days are summed up together. */
const bucketDays = 2;
/** A row holds the buckets of so many days, so that it stays small and rows of the past travel no more. */
const periodDays = 28;
/** Offers older than this many periods, of which at most a sixteenth is left, are not asked for. */
const readPeriods = 3;
/** A fortnight halves what an offer says: this week's drift counts, last month's hardly. The popularity of merchants fades alike. */
const halfLifeDays = 14;
/** The model is believed as much as if so many redemptions had been expected and come; a cell leans on its campaign half as firmly. By judgement. */
const campaignPrior = 10;
const cellPrior = 5;
/** When in an offer's time redemptions come, before any was seen: evenly, with the weight of so many redemptions. */
const delayPrior = 20;
const tenths = 10;
/** A correction beyond these says that the model is wrong, not that the week is special: retraining is due, not more correction. */
const bounds = { lowest: 0.2, highest: 5 };
const micro = 1_000_000;

/** Key of the row that holds when in their time offers are redeemed, over all of them. */
export const delaysKey = '*';

/** Whose answers are counted together. What is corrected is what one model says, so another model begins anew. */
export interface BanditCell {
  readonly campaignId: string;
  readonly segment: string;
  readonly modelVersion: string;
}

export interface BanditOffer extends BanditCell {
  readonly issuedAtMs: number;
  readonly validityDays: number;
  /** P(redemption) as the model said it. */
  readonly conversion: number;
}

export interface BanditDelta {
  readonly key: string;
  readonly delta: NumberRow;
}

/** Posterior of observed over predicted redemptions: a gamma distribution's mean and standard deviation. */
export interface Correction {
  readonly factor: number;
  readonly deviation: number;
}

export type BanditRows = (key: string) => NumberRow | undefined;

/** What an issued offer adds: redemptions to be expected of it. Whole numbers, so that sums are the same in any order. */
export function issuedDeltas(offer: BanditOffer): BanditDelta[] {
  const expected = Math.round(offer.conversion * micro);
  return expected > 0 ? keysOf(offer, periodOf(offer.issuedAtMs)).map((key) => ({ key, delta: { [`expected:${bucketOf(offer.issuedAtMs)}`]: expected } })) : [];
}

/** What a redemption adds (`change` 1), and its being taken back removes (-1). */
export function redeemedDeltas(offer: BanditOffer, redeemedAtMs: number, change: number): BanditDelta[] {
  if (Math.round(offer.conversion * micro) === 0) return [];
  const tenth = Math.min(tenths - 1, Math.max(0, Math.floor(((redeemedAtMs - offer.issuedAtMs) / (offer.validityDays * dayMs)) * tenths)));
  return [...keysOf(offer, periodOf(offer.issuedAtMs)).map((key) => ({ key, delta: { [`redeemed:${bucketOf(offer.issuedAtMs)}`]: change } })), { key: delaysKey, delta: { [`tenth:${tenth}`]: change } }];
}

/**
 * By how much to multiply the model's P(redemption) here and now: a gamma-Poisson posterior with exponential forgetting, of the campaign
 * for the client's segment, leaning on the campaign for all, which leans on 1. Of young offers only the part of their redemptions is expected
 * that comes by their age, as it was seen to come; else each new offer would look like a failure.
 */
export function correctionOf(cell: BanditCell, { timeMs, validityDays }: { readonly timeMs: number; readonly validityDays: number }, rows: BanditRows): Correction {
  const matured = maturityOf(rows(delaysKey));
  const periods = Array.from({ length: readPeriods }, (_, back) => keysOf(cell, periodOf(timeMs) - back));
  const counted = (place: 0 | 1): Count => sumOf(periods.map((keys) => countOf(rows(keys[place]), timeMs, (ageDays) => matured(ageDays / validityDays))));
  const [own, whole] = [counted(0), counted(1)];
  const campaign = (whole.redeemed + campaignPrior) / (whole.expected + campaignPrior);
  const shape = own.redeemed + cellPrior * campaign;
  const rate = own.expected + cellPrior;
  return { factor: Math.min(bounds.highest, Math.max(bounds.lowest, shape / rate)), deviation: Math.sqrt(shape) / rate };
}

function keysOf({ campaignId, segment, modelVersion }: BanditCell, period: number): [cell: string, campaign: string] {
  return [`${modelVersion}|${period}|${campaignId}|${segment}`, `${modelVersion}|${period}|${campaignId}`];
}

function periodOf(timeMs: number): number {
  return Math.floor(timeMs / (periodDays * dayMs));
}

function bucketOf(timeMs: number): number {
  return Math.floor(timeMs / (bucketDays * dayMs));
}

interface Count {
  expected: number;
  redeemed: number;
}

function sumOf(counts: readonly Count[]): Count {
  return counts.reduce((sum, { expected, redeemed }) => ({ expected: sum.expected + expected, redeemed: sum.redeemed + redeemed }), { expected: 0, redeemed: 0 });
}

function countOf(row: NumberRow = {}, timeMs: number, matured: (ageDays: number) => number): Count {
  const count = { expected: 0, redeemed: 0 };
  for (const [column, number] of Object.entries(row)) {
    const [kind, bucket] = column.split(':');
    const ageDays = meanAgeDays(Number(bucket), timeMs);
    const weight = 2 ** (-ageDays / halfLifeDays);
    if (kind === 'expected') count.expected += (weight * matured(ageDays) * number) / micro;
    if (kind === 'redeemed') count.redeemed += weight * number;
  }
  return count;
}

/** Of the offers of a bucket that were made until now. */
function meanAgeDays(bucket: number, timeMs: number): number {
  const elapsedDays = Math.max(0, timeMs / dayMs - bucket * bucketDays);
  return Math.max(elapsedDays / 2, elapsedDays - bucketDays / 2);
}

/** Share of an offer's redemptions that come in the first share of its time. */
function maturityOf(delays: NumberRow = {}): (share: number) => number {
  const seen = Array.from({ length: tenths }, (_, tenth) => Math.max(0, delays[`tenth:${tenth}`] ?? 0) + delayPrior / tenths);
  const total = seen.reduce((sum, count) => sum + count, 0);
  return (share) => seen.reduce((sum, count, tenth) => sum + count * Math.min(1, Math.max(0, share * tenths - tenth)), 0) / total;
}
