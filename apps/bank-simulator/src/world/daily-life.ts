import type { BankEventData, BankEventType, Place } from '@sp/contracts';
import { dayMs, hourMs, localMidnightMs, localWeekday, minuteMs } from './calendar';
import { categories } from './categories';
import { placeNear } from './city';
import { consentsOf, leavesMs, type ClientLife } from './client-life';
import { likingOf, type Client } from './clients';
import { delivery, type Delivery } from './delivery';
import { drawsFor, type Draws } from './draws';
import type { Merchant } from './merchants';
import type { Market } from './purchases';
import type { Happening } from './truth';

/** The day of a client beside his purchases: where he is seen, what he looks at in the app, cash and transfers. */
export function dayOf(market: Market, client: Client, life: ClientLife, dayStartMs: number): Delivery[] {
  const day: Day = { market, client, life, dayStartMs, draws: drawsFor(market.seed, 'day', client.index, Math.floor(dayStartMs / dayMs)), made: [] };
  if (consentsOf(client, life).geo) seePositions(day);
  openApp(day);
  if (day.draws.happens(0.035)) moveMoney(day, 'cash', day.draws.whole(2, 20) * 1000);
  if (day.draws.happens(0.05)) moveMoney(day, 'transfer', Math.round(Math.exp(day.draws.between(7.5, 11.3))));
  if (day.draws.happens(consentChangesPerDay)) changeConsent(day);
  return day.made;
}

/** One client in three changes his mind once in a year. */
const consentChangesPerDay = 0.001;

function changeConsent(day: Day): void {
  const { client, life, draws } = day;
  const now = consentsOf(client, life);
  const consents = draws.happens(0.6) ? { ...now, offers: !now.offers } : { ...now, geo: !now.geo };
  add(day, 'client.consent.changed', draws.between(8, 22), { consents }, { kind: 'consents', clientIndex: client.index, consents });
}

interface Day {
  readonly market: Market;
  readonly client: Client;
  readonly life: ClientLife;
  readonly dayStartMs: number;
  readonly draws: Draws;
  readonly made: Delivery[];
}

/** Home in the morning; work, or on free days a shop; a shop or home in the evening. */
function seePositions(day: Day): void {
  const { client, draws, dayStartMs } = day;
  const free = localWeekday(dayStartMs) >= 5 || client.segment.name === 'pensioner';
  const places: [number, number, Place][] = [
    [7, 9, client.home],
    [10, 16, free ? someShop(day) : client.work],
    [17, 21, draws.happens(0.5) ? someShop(day) : client.home],
  ];
  for (const [fromHour, toHour, place] of places) if (draws.happens(0.6)) addPosition(day, draws.between(fromHour, toHour), place);
}

function addPosition(day: Day, localHour: number, near: Place): void {
  const accuracyMeters = Math.round(12 + day.draws.exponential(30));
  const place = placeNear(day.draws, near, accuracyMeters / 1000);
  add(day, 'client.located', localHour, { ...place, accuracyMeters });
}

function someShop({ market, client, draws }: Day): Place {
  const shop = market.merchants[likedMerchant(market.merchants, client, draws)];
  return shop?.location ?? client.home;
}

/** The best liked of a few that come to mind: cheaper than weighing the whole city. */
function likedMerchant(merchants: readonly Merchant[], client: Client, draws: Draws): number {
  const some = Array.from({ length: 8 }, () => draws.whole(0, merchants.length - 1));
  return some.reduce((best, index) => (likingOf(client, index) > likingOf(client, best) ? index : best));
}

function openApp(day: Day): void {
  const { client, draws } = day;
  let left = client.appOpeningsPerDay;
  while (draws.happens(left / (1 + left)) && day.made.length < 20) {
    openOnce(day, draws.between(7, 23) + Math.max(-2, Math.min(0.9, client.lateRiserHours / 3)));
    left *= 0.8;
  }
}

function openOnce(day: Day, localHour: number): void {
  const { draws, market, client } = day;
  const sessionId = `s-${client.clientId}-d${Math.floor(day.dayStartMs / dayMs)}-n${day.made.length}`;
  const entryPoint = draws.pick(['icon', 'icon', 'push', 'widget']);
  add(day, 'client.acted', localHour, { action: 'app-opened', sessionId, entryPoint });
  if (draws.happens(0.35)) add(day, 'client.acted', localHour + 0.02, { action: 'category-viewed', sessionId, mcc: categories[categoryInMind(day)]?.mcc });
  if (!draws.happens(0.25)) return;
  const merchant = market.merchants[likedMerchant(market.merchants, client, draws)] as Merchant;
  add(day, 'client.acted', localHour + 0.04, { action: 'merchant-viewed', sessionId, merchantId: merchant.merchantId, mcc: categories[merchant.category]?.mcc });
}

/** What he will buy soon is on his mind: the app shows needs before the till does. */
function categoryInMind({ client, life, dayStartMs, draws }: Day): number {
  return draws.weighted(client.affinity.map((affinity, category) => affinity * ((life.dueMs[category] ?? Infinity) < dayStartMs + 3 * dayMs ? 4 : 1)));
}

function moveMoney(day: Day, kind: 'cash' | 'transfer', amountMinor: number): void {
  const transactionId = eventId(day, 't');
  const counterparty = kind === 'transfer' ? { counterparty: `p${day.draws.whole(1, 500)}` } : {};
  add(day, 'transaction.authorised', day.draws.between(8, 21), { transactionId, kind, amountMinor, currency: 'EUR', channel: kind === 'cash' ? 'offline' : 'online', ...counterparty });
}

/** Nothing happens before the client is registered, or outside of these 24 hours. */
function add<T extends BankEventType>(day: Day, type: T, localHour: number, data: BankEventData<T>, happening?: Happening): void {
  const { client, life, dayStartMs } = day;
  const wishedMs = localMidnightMs(dayStartMs + minuteMs) + localHour * hourMs;
  const timeMs = wishedMs < dayStartMs ? wishedMs + dayMs : wishedMs;
  if (timeMs <= life.registeredMs + minuteMs || timeMs >= Math.min(dayStartMs + dayMs, leavesMs(client, life))) return;
  const id = type === 'transaction.authorised' ? (data as BankEventData<'transaction.authorised'>).transactionId : eventId(day, 'a');
  day.made.push(delivery(type, { id, subject: client.clientId, timeMs, data, ...(happening && { happening }) }));
}

/** A letter before each number: ids must never look like card numbers. */
function eventId({ client, dayStartMs, made }: Day, prefix: string): string {
  return `${prefix}-${client.clientId}-d${Math.floor(dayStartMs / dayMs)}-n${made.length}`;
}
