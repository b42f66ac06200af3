import { dayMs, hourMs, isHoliday, localMidnightMs, localWeekday, minuteMs, shareOfYear } from './calendar';
import { categories, rhythms, type Category } from './categories';
import { likingOf, type Client } from './clients';
import { bellAt, drawsFor, uniformAt, type Draws } from './draws';
import { categoryOf, usualCheckMinor, type Merchant } from './merchants';
import type { WorldKind } from './worlds';

/** One purchase that the client makes of his own accord, whichever card he pays with. */
export interface Purchase {
  readonly merchant: Merchant;
  readonly amountMinor: number;
  /** Paid with our card rather than with the second bank's. */
  readonly ours: boolean;
  /** Reversed in full some days later: in the end it was none. */
  readonly takenBack: boolean;
}

/** What a client's purchases are drawn from. */
export interface Market {
  readonly seed: number;
  readonly world: WorldKind;
  readonly merchants: readonly Merchant[];
  /** Indices of the merchants, by category. */
  readonly merchantsOf: readonly (readonly number[])[];
  /** By merchant. */
  readonly opensMs: Float64Array;
  /** The merchant whose terminal is down then; -1 if none is. */
  closedAt(atMs: number): number;
  /** From that instant a share of the clients likes other categories than before. */
  readonly tasteShift?: { readonly atMs: number; readonly share: number };
}

const takenBackShare = 0.004;
const errandShare = 0.9;
const sunday = 6;

/**
 * The client's n-th own purchase in a category, which falls due at `atMs`. Merchant, check and card follow from seed, client, category,
 * number and the city's state then, never from any offer, so what would have happened without an offer is known exactly.
 */
export function purchaseOf(market: Market, client: Client, category: number, serial: number, atMs: number): Purchase {
  const draws = drawsFor(market.seed, 'purchase', client.index, category, serial);
  const merchant = market.merchants[chooseMerchant(market, client, category, draws, atMs)] as Merchant;
  return { merchant, amountMinor: checkOf(draws, client, merchant), ours: draws.happens(client.shareOfWallet), takenBack: draws.happens(takenBackShare) };
}

function chooseMerchant(market: Market, client: Client, category: number, draws: Draws, atMs: number): number {
  const candidates = market.merchantsOf[category] ?? [];
  const closed = market.closedAt(atMs);
  const weights = candidates.map((index) => (index === closed || (market.opensMs[index] ?? 0) > atMs ? 0 : Math.exp(likingOf(client, index))));
  return candidates[draws.weighted(weights)] as number;
}

/** When the purchase of that number falls due, given when the one before it did. */
export function dueMs(market: Market, client: Client, category: number, serial: number, previousMs: number): number {
  const kind = categories[category] as Category;
  const draws = drawsFor(market.seed, 'purchase', client.index, category, serial, 1);
  const gapDays = (draws.gamma(kind.regularity) / kind.regularity) * meanGapDays(market, client, category, previousMs);
  return atOwnHour(draws, market, client, kind, previousMs + gapDays * dayMs, previousMs + hourMs);
}

/** The first one: the world starts in the middle of everybody's rhythm. */
export function firstDueMs(market: Market, client: Client, category: number, registeredMs: number): number {
  const kind = categories[category] as Category;
  const draws = drawsFor(market.seed, 'firstPurchase', client.index, category);
  const target = registeredMs + draws.uniform() * meanGapDays(market, client, category, registeredMs) * dayMs;
  return atOwnHour(draws, market, client, kind, target, registeredMs + 10 * minuteMs);
}

/** Infinite for a category in which the client never buys. */
export function meanGapDays(market: Market, client: Client, category: number, atMs: number): number {
  const { meanGapDays: gap, season } = categories[category] as Category;
  const affinity = affinityAt(market, client, category, atMs) * drift(client, category, atMs) * pace(market, client, atMs);
  const demand = 1 + season.height * Math.cos(2 * Math.PI * (shareOfYear(atMs) - season.peak));
  return affinity === 0 ? Infinity : gap / (affinity * demand);
}

/** Purchases a day relative to the category's mean, at that instant: the planted day may have turned the client's tastes. */
export function affinityAt({ seed, tasteShift }: Market, client: Client, category: number, atMs: number): number {
  const affinity = client.affinity[category] ?? 0;
  if (!tasteShift || atMs < tasteShift.atMs || uniformAt(seed, 'tasteShift', client.index) >= tasteShift.share) return affinity;
  return affinity * Math.exp(0.9 * bellAt(seed, 'tasteShift', client.index, category));
}

/** What this client usually leaves at this merchant. */
export function usualCheckOf(client: Client, merchant: Merchant): number {
  return usualCheckMinor(merchant) * client.spending;
}

export function checkOf(draws: Draws, client: Client, merchant: Merchant): number {
  const spread = categoryOf(merchant).checkSpread;
  return Math.max(100, Math.round(usualCheckOf(client, merchant) * Math.exp(spread * draws.normal() - spread ** 2 / 2)));
}

/** An instant on the local day that starts at `midnightMs`, by the category's hours and the client's own. */
export function hourOnDayMs(draws: Draws, client: Client, kind: Category, midnightMs: number): number {
  const hour = Math.min(23, Math.max(0, draws.weighted(kind.rhythm) + client.lateRiserHours));
  return midnightMs + hour * hourMs + Math.floor(draws.uniform() * hourMs);
}

/** Tastes wander by about a fifth with a period of some months, each by its own. */
function drift(client: Client, category: number, atMs: number): number {
  const phase = ((client.index * 7 + category * 13) % 29) / 29;
  return Math.exp(0.25 * Math.sin(2 * Math.PI * (atMs / (200 * dayMs) + phase)));
}

/** Busy weeks and quiet ones, in all categories at once. */
function pace({ seed }: Market, client: Client, atMs: number): number {
  return Math.exp(0.7 * bellAt(seed, 'pace', client.index, Math.floor(atMs / (7 * dayMs))));
}

/** The day is the target’s or one of the next two on either side, by the days’ weights; never before the earliest instant. */
function atOwnHour(draws: Draws, market: Market, client: Client, kind: Category, targetMs: number, earliestMs: number): number {
  if (!Number.isFinite(targetMs)) return Infinity;
  const days = [-2, -1, 0, 1, 2].map((shift) => localMidnightMs(targetMs) + shift * dayMs);
  const weights = days.map((midnightMs) => (midnightMs + dayMs <= earliestMs ? 0 : dayWeight(kind, midnightMs + hourMs) * outWeight(market, client, midnightMs)));
  let dueMs = momentOnDayMs(draws, market, client, kind, days[draws.weighted(weights)] as number);
  while (dueMs < earliestMs) dueMs += dayMs;
  return dueMs;
}

/** Errands are run together: what shops sell is often bought on the day's one round. */
function momentOnDayMs(draws: Draws, { seed }: Market, client: Client, kind: Category, midnightMs: number): number {
  if (kind.rhythm !== rhythms.shops || !draws.happens(errandShare)) return hourOnDayMs(draws, client, kind, midnightMs);
  const start = uniformAt(seed, 'errand', client.index, Math.round(midnightMs / dayMs));
  return midnightMs + (9.5 + client.lateRiserHours / 2 + 8 * start) * hourMs + Math.floor(draws.uniform() * 20 * minuteMs);
}

/** On some days a client goes out and does much at once, on others nothing. */
function outWeight({ seed }: Market, client: Client, midnightMs: number): number {
  return Math.exp(2.8 * bellAt(seed, 'errand', client.index, Math.round(midnightMs / dayMs), 1));
}

/** A holiday is as a Sunday. */
function dayWeight(kind: Category, atMs: number): number {
  return (kind.week[isHoliday(atMs) ? sunday : localWeekday(atMs)] ?? 1) + 1e-6;
}
