import { roundDays, withWrongTerm, type Campaign } from './campaigns';
import { dayMs, hourMs, minuteMs } from './calendar';
import { leavesMs, newLife, type ClientLife } from './client-life';
import { clientOf, clientRegistration, type Client } from './clients';
import { dayOf } from './daily-life';
import { delivery, type Delivery } from './delivery';
import { drawsFor } from './draws';
import { merchantRegistration, type Merchant } from './merchants';
import type { Desk } from './offer-desk';

/** The city with all that changes in it. */
export interface City extends Desk {
  readonly clients: Client[];
}

/** The world's first instants: merchants, then clients; campaigns come with the first day. */
export function openCity(city: City): Delivery[] {
  const { startMs, clients } = city.state.options;
  const merchants = city.supply.merchants.filter(({ opensOnDay }) => opensOnDay === 0).map((merchant) => merchantEvent(merchant, startMs + merchant.index));
  return [...merchants, ...Array.from({ length: clients }, (_, client) => register(city, startMs + 2 * minuteMs + client))];
}

/** What the new day brings beside purchases: campaigns, newcomers of both kinds, everybody's day, farewells. */
export function planDay(city: City, day: number): Delivery[] {
  const { state, supply, clients } = city;
  const { timeMs } = state;
  const planned = [...newMerchants(city, day), ...campaignNews(city, day), ...wrongTerms(city)];
  clients.forEach((client, index) => {
    const life = state.lives[index] as ClientLife;
    const leftMs = leavesMs(client, life);
    if (leftMs > timeMs) planned.push(...dayOf(supply, client, life, timeMs));
    if (leftMs >= timeMs && leftMs < timeMs + dayMs) planned.push(...farewell(city, client, leftMs));
  });
  for (let newcomer = 0; newcomer < newcomersOn(city, day); newcomer++) planned.push(register(city, timeMs + 7 * hourMs + newcomer * minuteMs));
  for (const [offerId, endMs] of state.answered) if (endMs < timeMs - 2 * dayMs) state.answered.delete(offerId);
  return planned;
}

/** Clients come about as fast as they leave. */
function newcomersOn({ state: { options } }: City, day: number): number {
  return day === 0 ? 0 : drawsFor(options.seed, 'newcomers', day).whole(1, 2) + Math.min(900, Math.floor(options.clients / 1000));
}

function newMerchants({ state, supply }: City, day: number): Delivery[] {
  const opening = day === 0 ? [] : supply.merchants.filter(({ opensOnDay }) => opensOnDay === day);
  return opening.map((merchant, place) => merchantEvent(merchant, state.timeMs + place));
}

/** Every partner publishes at the start of a round, a new one on its first day. */
function campaignNews({ state, supply }: City, day: number): Delivery[] {
  const published = supply.campaignsAt(state.timeMs).filter(({ merchantId, startsAt }) => {
    const opensOnDay = supply.merchantById.get(merchantId)?.opensOnDay ?? 0;
    return day % roundDays === 0 ? Date.parse(startsAt) <= state.timeMs : opensOnDay === day;
  });
  return published.map((data, place) => campaignEvent(data, `e-${data.campaignId}`, state.timeMs + minuteMs + place));
}

/** A campaign with a wrong term is published, and some time later as it should be. */
function wrongTerms({ state, supply }: City): Delivery[] {
  const { timeMs } = state;
  return supply.book.around(timeMs).flatMap((trouble) => {
    const campaign = trouble.kind === 'wrong-term' && supply.campaignsAt(timeMs).find(({ merchantId }) => merchantId === trouble.what);
    if (!campaign) return [];
    const wrong = campaignEvent(withWrongTerm(campaign, trouble.size * 100), `e-${campaign.campaignId}-${trouble.startMs}`, trouble.startMs);
    const right = campaignEvent(campaign, `e-${campaign.campaignId}-${trouble.endMs}`, trouble.endMs);
    return [wrong, right].filter(({ atMs }) => atMs >= timeMs && atMs < timeMs + dayMs);
  });
}

/** Most just stay away; some ask that nothing of them be kept. */
function farewell({ state: { truth } }: City, { asksErasure, clientId }: Client, leftMs: number): Delivery[] {
  truth.left++;
  if (!asksErasure) return [];
  truth.erasures++;
  return [delivery('client.erasure.requested', { id: `x-${clientId}`, subject: clientId, timeMs: leftMs, data: {} })];
}

function register({ state, supply, clients }: City, registeredMs: number): Delivery {
  const client = clientOf(state.options.seed, clients.length, supply.merchants);
  clients.push(client);
  state.lives.push(newLife(supply, client, registeredMs));
  return delivery('client.registered', { id: `e-${client.clientId}`, subject: client.clientId, timeMs: registeredMs, data: clientRegistration(client, registeredMs) });
}

function merchantEvent(merchant: Merchant, timeMs: number): Delivery {
  return delivery('merchant.registered', { id: `e-${merchant.merchantId}`, subject: merchant.merchantId, timeMs, data: merchantRegistration(merchant) });
}

function campaignEvent(data: Campaign, id: string, timeMs: number): Delivery {
  return delivery('campaign.published', { id, subject: data.campaignId, timeMs, data });
}
