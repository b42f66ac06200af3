import type { Envelope } from '@sp/contracts';
import { answerOffer, momentOf } from './answer-offer';
import { roundDays } from './campaigns';
import { dayMs, hourMs, minuteMs } from './calendar';
import { newLife, type ClientLife } from './client-life';
import { clientOf, clientRegistration, type Client } from './clients';
import { dayOf } from './daily-life';
import { delivery, type Delivery } from './delivery';
import { spoil } from './dirt';
import { drawsFor } from './draws';
import { supplyOf, type Supply, type WorldOptions } from './market';
import { merchantRegistration, type Merchant } from './merchants';
import { ownPurchases } from './own-purchases';
import type { ReceivedOffer } from './received-offer';
import { redemptionProbability } from './response-rule';
import { armOf, countHappening, emptyTruth, type Truth } from './truth';
import { restoreWorld, serialiseWorld, type WorldState } from './world-state';

/** An offer further ahead than this comes from a line with another clock, and is answered at once. */
const furthestAheadMs = dayMs;

/**
 * The bank, its clients and its city, one simulated hour at a time. Pure: the same options and the same offers at the same
 * hours give the same events, whether or not the world was saved and restored in between.
 */
export class World {
  private readonly supply: Supply;
  private readonly clients: Client[];

  private constructor(private readonly state: WorldState) {
    this.supply = supplyOf(state.options);
    this.clients = state.lives.map((_, index) => clientOf(state.options.seed, index, this.supply.merchants));
  }

  static start(options: WorldOptions): World {
    return new World({ options, timeMs: options.startMs, lives: [], agenda: new Map(), waiting: [], answered: new Map(), truth: emptyTruth() });
  }

  static restore(text: string, options: WorldOptions): World {
    return new World(restoreWorld(text, options));
  }

  save(): string {
    return serialiseWorld(this.state);
  }

  /** Start of the next hour. */
  get timeMs(): number {
    return this.state.timeMs;
  }

  /** Whole days since the world's start. */
  get day(): number {
    return Math.floor((this.timeMs - this.state.options.startMs) / dayMs);
  }

  get truth(): Truth {
    return this.state.truth;
  }

  get people(): readonly { readonly client: Client; readonly life: ClientLife }[] {
    return this.clients.map((client, index) => ({ client, life: this.state.lives[index] as ClientLife }));
  }

  /** The next hour's events in order of their delivery; `offers` are those that came since the last call. */
  advanceHour(offers: readonly ReceivedOffer[] = []): Envelope[] {
    const startMs = this.timeMs;
    const endMs = startMs + hourMs;
    this.answer(offers);
    if (startMs === this.state.options.startMs) this.open();
    if ((startMs - this.state.options.startMs) % dayMs === 0) this.planDay();
    this.clients.forEach((client, index) => this.plan(ownPurchases(this.supply, client, this.state.lives[index] as ClientLife, startMs, endMs)));
    this.state.timeMs = endMs;
    return this.deliver(endMs);
  }

  private answer(offers: readonly ReceivedOffer[]): void {
    const nowMs = this.timeMs;
    const early = ({ issuedMs }: ReceivedOffer): boolean => issuedMs > nowMs && issuedMs <= nowMs + furthestAheadMs;
    const known = [...this.state.waiting, ...offers];
    this.state.waiting = known.filter(early);
    for (const offer of known) if (!early(offer)) this.answerOne(offer, nowMs);
  }

  private answerOne(offer: ReceivedOffer, nowMs: number): void {
    const { answered, lives, truth } = this.state;
    if (answered.has(offer.offerId)) return;
    const endMs = Date.parse(offer.validUntil);
    answered.set(offer.offerId, endMs);
    const index = Number(offer.clientId.slice(1)) - 1;
    const [client, life, merchant] = [this.clients[index], lives[index], this.supply.merchantById.get(offer.merchantId)];
    if (!client || client.clientId !== offer.clientId || !life || !merchant || !(endMs > nowMs)) return void truth.unanswerable++;
    this.countOffer(offer, { client, life, merchant, nowMs });
    this.plan(answerOffer({ market: this.supply, client, life, merchant, offer, nowMs }));
  }

  private countOffer(offer: ReceivedOffer, hand: { client: Client; life: ClientLife; merchant: Merchant; nowMs: number }): void {
    const arm = armOf(this.truth, offer.arm);
    arm.offers++;
    if (!hand.client.consents.offers) arm.withoutConsent++;
    hand.life.arm = offer.arm;
    arm.trueProbability += redemptionProbability(momentOf({ ...hand, offer }));
    arm.bestProbability += this.bestProbability(hand);
  }

  /** What an oracle would have reached with the running campaigns at this moment. */
  private bestProbability(hand: { client: Client; life: ClientLife; nowMs: number }): number {
    let best = 0;
    for (const { merchantId, terms: grid } of this.supply.campaignsAt(hand.nowMs)) {
      const merchant = this.supply.merchantById.get(merchantId) as Merchant;
      for (const terms of grid) best = Math.max(best, redemptionProbability(momentOf({ ...hand, merchant, offer: { terms } })));
    }
    return best;
  }

  /** The world's first instants: merchants, then clients; campaigns come with the first day. */
  private open(): void {
    const { startMs, clients } = this.state.options;
    this.plan(this.supply.merchants.map((merchant) => {
      return delivery('merchant.registered', { id: `e-${merchant.merchantId}`, subject: merchant.merchantId, timeMs: startMs + merchant.index, data: merchantRegistration(merchant) });
    }));
    for (let client = 0; client < clients; client++) this.register(startMs + 2 * minuteMs + client);
  }

  private planDay(): void {
    const { startMs, seed } = this.state.options;
    const { timeMs, day } = this;
    if (day % roundDays === 0) this.publishCampaigns(timeMs + minuteMs);
    this.clients.forEach((client, index) => this.plan(dayOf(this.supply, client, this.state.lives[index] as ClientLife, timeMs)));
    const draws = drawsFor(seed, 'newcomers', day);
    const newcomers = timeMs === startMs ? 0 : draws.whole(1, 2);
    for (let newcomer = 0; newcomer < newcomers; newcomer++) this.register(timeMs + Math.floor(draws.between(7, 22) * hourMs));
    for (const [offerId, endMs] of this.state.answered) if (endMs < timeMs - 2 * dayMs) this.state.answered.delete(offerId);
  }

  private publishCampaigns(timeMs: number): void {
    const campaigns = this.supply.campaignsAt(timeMs);
    this.plan(campaigns.map((data, place) => delivery('campaign.published', { id: `e-${data.campaignId}`, subject: data.campaignId, timeMs: timeMs + place, data })));
  }

  private register(registeredMs: number): void {
    const client = clientOf(this.state.options.seed, this.clients.length, this.supply.merchants);
    this.clients.push(client);
    this.state.lives.push(newLife(this.supply, client, registeredMs));
    this.plan([delivery('client.registered', { id: `e-${client.clientId}`, subject: client.clientId, timeMs: registeredMs, data: clientRegistration(client, registeredMs) })]);
  }

  private plan(deliveries: readonly Delivery[]): void {
    for (const item of deliveries) {
      const hour = this.hourOf(item.atMs);
      const planned = this.state.agenda.get(hour);
      if (planned) planned.push(item);
      else this.state.agenda.set(hour, [item]);
    }
  }

  /** Everything planned for the hour, spoilt a little; what that puts off goes back on the agenda. */
  private deliver(endMs: number): Envelope[] {
    const { options, agenda, truth, lives } = this.state;
    const hour = this.hourOf(endMs) - 1;
    const planned = (agenda.get(hour) ?? []).sort((a, b) => a.atMs - b.atMs);
    agenda.delete(hour);
    const spoilt = spoil(options.seed, hour, planned, truth.planted);
    this.plan(spoilt.filter(({ atMs }) => atMs >= endMs));
    const due = spoilt.filter(({ atMs }) => atMs < endMs).sort((a, b) => a.atMs - b.atMs);
    for (const { happening } of due) if (happening) countHappening(truth, (index) => lives[index] as ClientLife, happening);
    return due.map(({ envelope }) => envelope);
  }

  private hourOf(atMs: number): number {
    return Math.floor((atMs - this.state.options.startMs) / hourMs);
  }
}
