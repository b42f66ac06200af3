import type { Envelope } from '@sp/contracts';
import { dayMs, hourMs } from './calendar';
import { clearOut } from './biased-arm';
import { openCity, planDay, type City } from './city-days';
import { leavesMs, type ClientLife } from './client-life';
import { clientOf, type Client } from './clients';
import type { Delivery } from './delivery';
import { spoil } from './dirt';
import { disturb } from './disturbed-stream';
import { formHabit } from './habits';
import { Ledger } from './ledger';
import { supplyOf, type Supply, type WorldOptions } from './market';
import type { Merchant } from './merchants';
import { answerOffers } from './offer-desk';
import { ownPurchases } from './own-purchases';
import type { ReceivedOffer } from './received-offer';
import type { Trouble } from './troubles';
import { countHappening, emptyTruth, type Happening, type Redeemed, type Truth } from './truth';
import { restoreWorld, serialiseWorld, type WorldState } from './world-state';

/**
 * The bank, its clients and its city, one simulated hour at a time. Pure: the same options and the same offers at the same
 * hours give the same events, whether or not the world was saved and restored in between.
 */
export class World {
  private readonly supply: Supply;
  private readonly clients: Client[];
  private readonly city: City;
  /** By client, when an own purchase may be due at the earliest: most clients have none in an hour. */
  private readonly nextMs: number[] = [];

  private constructor(private readonly state: WorldState) {
    this.supply = supplyOf(state.options);
    this.clients = state.lives.map((_, index) => clientOf(state.options.seed, index, this.supply.merchants));
    state.ledger.moveTo(state.timeMs - 1);
    this.city = { state, supply: this.supply, clients: this.clients };
  }

  static start(options: WorldOptions): World {
    return new World({ options, timeMs: options.startMs, lives: [], agenda: new Map(), waiting: [], answered: new Map(), truth: emptyTruth(), ledger: new Ledger(options.startMs) });
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

  get options(): WorldOptions {
    return this.state.options;
  }

  /** Whole days since the world's start. */
  get day(): number {
    return Math.floor((this.timeMs - this.state.options.startMs) / dayMs);
  }

  get truth(): Truth {
    return this.state.truth;
  }

  get ledger(): Ledger {
    return this.state.ledger;
  }

  /** Those that have begun. */
  get troubles(): readonly Trouble[] {
    return this.supply.book.begun(this.timeMs);
  }

  /** The planted one that goes on at the start of the next hour. */
  troubleNow(kind: Trouble['kind']): Trouble | undefined {
    return this.supply.book.active(kind, this.timeMs);
  }

  get people(): readonly { readonly client: Client; readonly life: ClientLife }[] {
    return this.clients.map((client, index) => ({ client, life: this.state.lives[index] as ClientLife }));
  }

  /** The next hour's events in order of their delivery; `offers` are those that came since the last call. */
  advanceHour(offers: readonly ReceivedOffer[] = []): Envelope[] {
    const { startMs } = this.state.options;
    const hourStartMs = this.timeMs;
    const endMs = hourStartMs + hourMs;
    this.plan(answerOffers(this.city, offers));
    if (hourStartMs === startMs) this.plan(openCity(this.city));
    if ((hourStartMs - startMs) % dayMs === 0) this.plan(planDay(this.city, this.day));
    this.plan(clearOut(this.city));
    this.clients.forEach((client, index) => this.buy(client, index, endMs));
    this.state.timeMs = endMs;
    this.ledger.moveTo(endMs - 1);
    return this.deliver(endMs);
  }

  private buy(client: Client, index: number, endMs: number): void {
    if ((this.nextMs[index] ?? 0) >= endMs) return;
    const life = this.lifeOf(index);
    this.plan(ownPurchases({ market: this.supply, ledger: this.ledger, client, life }, endMs - hourMs, endMs));
    this.nextMs[index] = leavesMs(client, life) <= endMs ? Infinity : Math.min(...life.dueMs);
  }

  private plan(deliveries: readonly Delivery[]): void {
    for (const item of deliveries) {
      const hour = this.hourOf(item.atMs);
      const planned = this.state.agenda.get(hour);
      if (planned) planned.push(item);
      else this.state.agenda.set(hour, [item]);
    }
  }

  /** Everything planned for the hour has happened; what the bank says of it is spoilt a little, and troubles put some of it off. */
  private deliver(endMs: number): Envelope[] {
    const { options, agenda, truth } = this.state;
    const hour = this.hourOf(endMs) - 1;
    const planned = (agenda.get(hour) ?? []).sort((a, b) => a.atMs - b.atMs);
    agenda.delete(hour);
    const said = planned.map((item) => this.happen(item)).filter((item) => this.isPublished(item));
    const spoilt = spoil(options.seed, hour, disturb({ seed: options.seed, book: this.supply.book, truth }, said), truth.planted);
    this.plan(spoilt.filter(({ atMs }) => atMs >= endMs));
    return spoilt.filter(({ atMs }) => atMs < endMs).sort((a, b) => a.atMs - b.atMs).map(({ envelope }) => envelope);
  }

  private isPublished({ envelope: { type, subject } }: Delivery): boolean {
    const index = Number(subject.slice(1)) - 1;
    return type === 'client.erasure.requested' || this.clients[index]?.clientId !== subject || this.state.lives[index]?.withheld !== true;
  }

  /** Becomes true once, whatever becomes of the message. */
  private happen({ happening, ...item }: Delivery): Delivery {
    if (!happening) return item;
    countHappening(this.truth, happening);
    this.apply(happening, item.atMs);
    return item;
  }

  private apply(happening: Happening, atMs: number): void {
    if (happening.kind === 'consents') this.lifeOf(happening.clientIndex).consents = happening.consents;
    if (happening.kind === 'diverted') this.ledger.actual(happening.clientIndex, atMs, { amountMinor: happening.spendMinor, ours: false, marginPercent: 0 });
    if (happening.kind === 'redeemed') this.redeem(happening, atMs);
  }

  private redeem({ clientIndex, merchantIndex, spendMinor, discountMinor, ownPurchase }: Redeemed, atMs: number): void {
    const merchant = this.supply.merchants[merchantIndex] as Merchant;
    if (ownPurchase) return this.ledger.discount(clientIndex, atMs, discountMinor);
    this.ledger.actual(clientIndex, atMs, { amountMinor: spendMinor, ours: true, marginPercent: merchant.marginPercent, discountMinor });
    if (this.supply.world === 'habit') formHabit(this.clients[clientIndex] as Client, this.lifeOf(clientIndex), merchant, atMs);
  }

  private lifeOf(index: number): ClientLife {
    return this.state.lives[index] as ClientLife;
  }

  private hourOf(atMs: number): number {
    return Math.floor((atMs - this.state.options.startMs) / hourMs);
  }
}
