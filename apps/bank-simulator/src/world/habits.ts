import { dayMs } from './calendar';
import type { ClientLife } from './client-life';
import type { Client } from './clients';
import { drawsFor } from './draws';
import type { Merchant } from './merchants';
import { usualCheckOf, type Market, type Purchase } from './purchases';

/** A merchant that has become usual for one category. */
export interface Habit {
  readonly merchant: number;
  /** 0..1 at `atMs`. */
  readonly strength: number;
  readonly atMs: number;
}

const halfLifeMs = 40 * dayMs;

/** A visit moved by an offer starts a habit, or strengthens it where the merchant is the usual one already. */
export function formHabit(client: Client, life: ClientLife, merchant: Merchant, atMs: number): void {
  const before = life.habits?.[merchant.category];
  const kept = before?.merchant === merchant.index ? strengthAt(before, atMs) : 0;
  const strength = Math.min(1, kept + 0.3 + 0.6 * client.habitProneness);
  life.habits = { ...life.habits, [merchant.category]: { merchant: merchant.index, strength, atMs } };
}

/**
 * What becomes of an own purchase where there is a habit: it may go to the usual merchant, more often by our card, and a strong
 * habit brings a further visit. The draws are the purchase's own, so that the same purchase without a habit is known.
 */
export function withHabit(market: Market, client: Client, life: ClientLife, own: { readonly purchase: Purchase; readonly serial: number; readonly dueMs: number }): Purchase[] {
  const { purchase, serial, dueMs } = own;
  const category = purchase.merchant.category;
  const habit = life.habits?.[category];
  const merchant = habit && market.merchants[habit.merchant];
  if (!merchant || market.closedAt(dueMs) === habit.merchant) return [purchase];
  const draws = drawsFor(market.seed, 'habit', client.index, category, serial);
  const strength = strengthAt(habit, dueMs);
  const ours = purchase.ours || draws.happens(0.6);
  const there = { ...purchase, merchant, ours, amountMinor: Math.round((purchase.amountMinor * usualCheckOf(client, merchant)) / usualCheckOf(client, purchase.merchant)) };
  const goesThere = draws.happens(0.7 * strength);
  return [goesThere ? there : purchase, ...(draws.happens(0.25 * strength) ? [{ ...there, amountMinor: Math.max(100, Math.round(there.amountMinor * 0.8)) }] : [])];
}

function strengthAt({ strength, atMs }: Habit, nowMs: number): number {
  return strength * 0.5 ** (Math.max(0, nowMs - atMs) / halfLifeMs);
}
