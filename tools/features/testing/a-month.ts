import { uniform, type LineEvent } from '@sp/contracts';
import { anEvent, mondayMs } from '@sp/contracts/testing';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const days = 35;
const shops = [5411, 5462, 5812, 5651, 4111, 5912, 7538, 5311, 7832, 8062, 7011].map((mcc, index) => ({ merchantId: `shop-${index}`, mcc, location: { lat: 52.5 + index / 100, lon: 13.4 } }));

/**
 * A made-up month of so many clients that moves every feature: each kind of event, in the order of arrival, some late, some reversed,
 * transactions told twice, purchases that name no category, consents given and withdrawn. Seeded by the names: always the same.
 */
export function aMonth(clients: number): LineEvent[] {
  const reference = shops.flatMap(({ merchantId, mcc, location }) => [
    anEvent('merchant.registered', { id: `m-${merchantId}`, timeMs: mondayMs, data: { merchantId, mcc, location } }),
    anEvent('campaign.published', { id: `k-${merchantId}`, timeMs: mondayMs, data: { campaignId: `campaign-${merchantId}`, merchantId, budgetMinor: 100_000_000 } }),
  ]);
  const own = Array.from({ length: clients }, (_, number) => historyOf(`client-${number}`)).flat();
  return [...reference, ...own.sort((a, b) => a.arrivesMs - b.arrivesMs || (a.event.id < b.event.id ? -1 : 1)).map(({ event }) => event)];
}

interface Arrival {
  readonly event: LineEvent;
  readonly arrivesMs: number;
}

function historyOf(subject: string): Arrival[] {
  const chance = (...what: (string | number)[]): number => uniform(subject, ...what);
  const arrivals: Arrival[] = [];
  const add = (event: LineEvent, lateHours = 0): void => void arrivals.push({ event, arrivesMs: event.timeMs + lateHours * hourMs });
  const [homeLat, homeLon] = [52.4 + chance('lat') / 5, 13.3 + chance('lon') / 5];
  const about = { ...(chance('age') < 0.8 && { birthYear: 1950 + Math.floor(chance('year') * 50) }), ...(chance('rich') < 0.8 && { incomeMinor: Math.floor(chance('income') * 1e7) }) };
  const data = { timeZone: chance('zone') < 0.5 ? 'Europe/Berlin' : 'UTC', birthYear: undefined, ...about, home: chance('home') < 0.8 ? { lat: homeLat, lon: homeLon } : undefined, consents: { offers: chance('offers') < 0.95, geo: chance('geo') < 0.7 } };
  if (chance('registered') < 0.95) add(anEvent('client.registered', { subject, id: `${subject}-r`, timeMs: mondayMs + Math.floor(chance('when') * 4 * dayMs), data }));
  for (let day = 1; day < days; day++) dayOf(subject, day, { homeLat, homeLon }, chance, add);
  return arrivals;
}

function dayOf(subject: string, day: number, { homeLat, homeLon }: { homeLat: number; homeLon: number }, chance: (...what: (string | number)[]) => number, add: (event: LineEvent, lateHours?: number) => void): void {
  const at = (what: string): number => mondayMs + day * dayMs + Math.floor((6 + 17 * chance(day, what, 'hour')) * hourMs);
  const id = (what: string): string => `${subject}-${day}-${what}`;
  const happens = (what: string, share: number): boolean => chance(day, what) < share;
  if (happens('buy', 0.5)) {
    const { merchantId, mcc } = shops[Math.floor(chance(day, 'shop') ** 2 * shops.length)]!;
    const purchase = { transactionId: id('buy'), merchantId, mcc: happens('mcc', 0.7) ? mcc : undefined, amountMinor: 100 + Math.floor(chance(day, 'amount') * 20_000), channel: happens('online', 0.3) ? 'online' : 'offline' } as const;
    add(anEvent('transaction.authorised', { subject, id: id('buy'), timeMs: at('buy'), data: purchase }), happens('late', 0.15) ? 30 * chance(day, 'lateness') : 0);
    if (happens('again', 0.1)) add(anEvent('transaction.authorised', { subject, id: id('again'), timeMs: at('buy') + hourMs, data: purchase }));
    if (happens('reverse', 0.2)) add(anEvent('transaction.reversed', { subject, id: id('reverse'), timeMs: at('buy') + 5 * hourMs, data: { transactionId: id('buy'), amountMinor: happens('part', 0.5) ? 90 : undefined } }));
  }
  if (happens('open', 0.5)) add(anEvent('client.acted', { subject, id: id('open'), timeMs: at('open'), data: { sessionId: id('session'), entryPoint: happens('push', 0.4) ? 'push' : 'icon' } }));
  if (happens('login', 0.4)) add(anEvent('client.acted', { subject, id: id('login'), timeMs: at('open') - 240_000, data: { action: 'logged-in', sessionId: id('session') } }));
  if (happens('search', 0.3)) add(anEvent('client.acted', { subject, id: id('search'), timeMs: at('open') + 60_000, data: { action: 'search', sessionId: id('session') } }));
  if (happens('view', 0.3)) add(anEvent('client.acted', { subject, id: id('view'), timeMs: at('open') + 90_000, data: { action: 'merchant-viewed', merchantId: 'shop-2', sessionId: id('session') } }));
  if (happens('seen', 0.5)) add(anEvent('client.located', { subject, id: id('seen'), timeMs: at('seen'), data: { lat: homeLat + (happens('away', 0.5) ? 0.05 : 0), lon: homeLon, accuracyMeters: 30 } }));
  if (happens('night', 0.3)) add(anEvent('client.located', { subject, id: id('night'), timeMs: mondayMs + day * dayMs + hourMs, data: { lat: homeLat, lon: homeLon, accuracyMeters: 30 } }));
  if (happens('consent', 0.02)) add(anEvent('client.consent.changed', { subject, id: id('consent'), timeMs: at('consent'), data: { consents: { offers: true, geo: happens('geo-again', 0.6) } } }));
  if (!happens('offer', 0.2)) return;
  const offerId = id('offer');
  add(anEvent('offer.recorded', { subject, id: offerId, timeMs: at('offer'), data: { offerId, campaignId: 'campaign-shop-1' } }));
  for (const [response, share] of [['viewed', 0.6], ['accepted', 0.3], ['declined', 0.3], ['redeemed', 0.2]] as const) {
    if (happens(response, share)) add(anEvent('offer.responded', { subject, id: id(response), timeMs: at('offer') + hourMs, data: { offerId, response } }));
  }
}
