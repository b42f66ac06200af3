import type { Consents } from '@sp/contracts';
import { dayMs } from './calendar';
import { categories } from './categories';
import type { Client } from './clients';
import type { Habit } from './habits';
import { dueMs, firstDueMs, type Market } from './purchases';

/** What changes about a client; the only part of him that is saved. */
export interface ClientLife {
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
  /** Nothing of him is published any more, though he lives on. */
  withheld?: boolean;
  /** Where they are no longer those of the registration. */
  consents?: Consents;
  /** By category, in the world of habits. */
  habits?: Readonly<Record<number, Habit>>;
}

/** After this time a contact weighs half. */
const fatigueHalfLifeMs = 4 * dayMs;

export function newLife(market: Market, client: Client, registeredMs: number): ClientLife {
  return {
    registeredMs, serial: categories.map(() => 0), dueMs: categories.map((_, category) => firstDueMs(market, client, category, registeredMs)), lastMs: categories.map(() => 0),
    fatigue: 0, fatigueAtMs: registeredMs,
  };
}

/** From here on he is no client any more: he says and buys nothing that this bank could know of. */
export function leavesMs(client: Client, life: ClientLife): number {
  return Math.floor(life.registeredMs + client.staysDays * dayMs);
}

export function consentsOf(client: Client, life: ClientLife): Consents {
  return life.consents ?? client.consents;
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
