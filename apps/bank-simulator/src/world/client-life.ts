import { dayMs } from './calendar';
import { categories } from './categories';
import type { Client } from './clients';
import { dueMs, firstDueMs, type Market } from './purchases';
import type { Spending } from './truth';

/** What changes about a client; the only part of him that is saved. */
export interface ClientLife extends Spending {
  readonly registeredMs: number;
  /** By category: the number of the next own purchase, when it is due, and when the last one was (0 = none yet). */
  readonly serial: number[];
  readonly dueMs: number[];
  readonly lastMs: number[];
  /** Contacts felt at `fatigueAtMs`. */
  fatigue: number;
  fatigueAtMs: number;
  /** The arm of the latest offer, if there was any. */
  arm?: string;
}

/** After this time a contact weighs half. */
const fatigueHalfLifeMs = 4 * dayMs;

export function newLife(market: Market, client: Client, registeredMs: number): ClientLife {
  return {
    registeredMs, serial: categories.map(() => 0), dueMs: categories.map((_, category) => firstDueMs(market, client, category, registeredMs)), lastMs: categories.map(() => 0),
    fatigue: 0, fatigueAtMs: registeredMs, oursMinor: 0, totalMinor: 0,
  };
}

/** The next own purchase in the category has been made, or an offer's took its place. */
export function passPurchase(market: Market, client: Client, life: ClientLife, category: number, atMs: number): void {
  const serial = (life.serial[category] ?? 0) + 1;
  life.dueMs[category] = dueMs(market, client, category, serial, life.dueMs[category] ?? atMs);
  life.serial[category] = serial;
  life.lastMs[category] = Math.max(atMs, life.lastMs[category] ?? 0);
}

export function fatigueAt(life: ClientLife, atMs: number): number {
  return life.fatigue * 0.5 ** (Math.max(0, atMs - life.fatigueAtMs) / fatigueHalfLifeMs);
}

export function feelContact(life: ClientLife, atMs: number): void {
  life.fatigue = fatigueAt(life, atMs) + 1;
  life.fatigueAtMs = Math.max(atMs, life.fatigueAtMs);
}
