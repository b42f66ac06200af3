import { minorUnitsOf } from '../money';
import type { LineTally } from '../mapping';
import { rejected, type OutgoingEvent, type Produced } from '../produced';
import { ReceivedOffers } from './received-offers';
import { readTable, type TableRow } from '../table';

export const starbucksSource = 'starbucks';
/** One brand: payments name no shop, and an offer is good in all of them. */
export const coffeeChain = 'coffee-chain';
/** ISO 18245: fast food restaurants. */
export const fastFood = 5814;
/** The set's mark of an age that is not known. */
const unknownAge = 118;
const dayMs = 86_400_000;

export interface StarbucksFiles {
  readonly portfolio: string;
  readonly profile: string;
  readonly events: readonly string[];
}

export interface StarbucksOffer {
  readonly campaignId: string;
  readonly durationMs: number;
  readonly terms: Readonly<Record<string, number>>;
}

/** Clients and offers by their row in the set's files, which is how the events name them. */
export class RewardProgramme {
  readonly clients: (string | undefined)[] = [];
  readonly offers: (StarbucksOffer | undefined)[] = [];
  readonly received = new ReceivedOffers();

  constructor(private readonly timeMs: number) {}

  /** The brand, its ten campaigns and all clients, at the time of the first event. */
  async *open(files: StarbucksFiles, tally: LineTally): AsyncGenerator<Produced> {
    const merchant = { merchantId: coffeeChain, name: 'Coffee chain', mcc: fastFood, online: false, partner: true };
    yield { kind: 'event', event: this.event('merchant.registered', coffeeChain, coffeeChain, merchant), lines: 0 };
    yield* this.readRows(files.portfolio, tally, (row) => this.campaign(row), this.offers);
    yield* this.readRows(files.profile, tally, (row) => this.client(row), this.clients);
  }

  private async *readRows<T>(
    file: string, tally: LineTally, convert: (row: TableRow) => { event: OutgoingEvent; entry: T } | string, entries: (T | undefined)[],
  ): AsyncGenerator<Produced> {
    for await (const row of readTable([file], { tally, rowLimit: Infinity, format: 'ndjson' })) {
      const made = row.kind === 'row' ? convert(row) : undefined;
      if (row.kind !== 'passed-over') entries[row.origin.line - 1] = typeof made === 'object' ? made.entry : undefined;
      if (row.kind !== 'row') yield row;
      else if (typeof made === 'object') yield { kind: 'event', event: made.event, lines: row.lines, origin: row.origin };
      else yield rejected(made ?? 'unreadable', row);
    }
  }

  /** A reward is a fixed sum from a minimum spend on: that share of the minimum, and never more than the sum. */
  private campaign(row: TableRow): { event: OutgoingEvent; entry: StarbucksOffer } | string {
    const [reward, difficulty] = [minorUnitsOf(row.cell('reward'), { decimals: 2 }), minorUnitsOf(row.cell('difficulty'), { decimals: 2 })];
    const validityDays = Number(row.cell('duration'));
    if (!reward.ok || !difficulty.ok || !(validityDays > 0) || row.cell('id') === '') return 'portfolio: not an offer';
    const terms = {
      discountPercent: difficulty.value === 0 ? 0 : Math.min(100, (100 * reward.value) / difficulty.value),
      validityDays,
      minimumCheckMinor: difficulty.value,
      ...(reward.value > 0 && { maximumDiscountMinor: reward.value }),
    };
    const campaignId = `offer-${row.cell('id')}`;
    const span = { startsAt: new Date(this.timeMs).toISOString(), endsAt: new Date(this.timeMs + 60 * dayMs).toISOString() };
    // Margin 100 %: the set is judged by spend less rewards, and names no cost of the coffee.
    const data = { campaignId, merchantId: coffeeChain, objective: 'spend', ...span, budgetMinor: 50_000_000, currency: 'USD', marginPercent: 100, terms: [terms] };
    return { event: this.event('campaign.published', campaignId, campaignId, data), entry: { campaignId, durationMs: validityDays * dayMs, terms } };
  }

  private client(row: TableRow): { event: OutgoingEvent; entry: string } | string {
    const client = row.cell('id');
    if (client === '') return 'profile: no id';
    const age = Number(row.cell('age'));
    const isAgeKnown = row.cell('age') !== '' && age > 0 && age < unknownAge;
    const income = minorUnitsOf(row.cell('income'), { decimals: 2 });
    const since = /^(\d{4})(\d\d)(\d\d)$/.exec(row.cell('became_member_on'));
    const data = {
      ...(isAgeKnown && { birthYear: new Date(this.timeMs).getUTCFullYear() - age }),
      ...(row.cell('gender') !== '' && { gender: row.cell('gender') }),
      ...(income.ok && { incomeMinor: income.value }),
      ...(since && { memberSince: since.slice(1).join('-') }),
      timeZone: 'UTC',
      consents: { offers: true, geo: false },
    };
    return { event: this.event('client.registered', client, client, data), entry: client };
  }

  /** The id names the hour, so that a run that begins with a later wave says something new rather than something else. */
  private event(type: OutgoingEvent['type'], name: string, subject: string, data: OutgoingEvent['data']): OutgoingEvent {
    return { type, id: `${name}-${new Date(this.timeMs).toISOString().slice(0, 13)}`, source: starbucksSource, subject, timeMs: this.timeMs, data };
  }
}

