import { minorUnitsOf } from '../money';
import { rejected, type OutgoingEvent, type Produced } from '../produced';
import type { ReceivedOffer } from './received-offers';
import { coffeeChain, fastFood, starbucksSource, type RewardProgramme, type StarbucksOffer } from './programme';
import type { TableRow } from '../table';

/** In each of the set's waves a client gets one of ten offers with this probability each, and none with 0.255. */
const propensity = 0.0745;
/** Within an hour the set's order says nothing: an offer is received before it is seen, a payment stands before what it completes. */
const order = ['R', 'V', 'T', 'C'];

/** The rows of one hour of the set, as events. */
export class StarbucksHour {
  private readonly rows = new Map<string, TableRow[]>(order.map((kind) => [kind, []]));
  private readonly others: TableRow[] = [];
  /** The client's payment of this hour, for the completion beside it. */
  private readonly payments = new Map<string, string>();

  constructor(readonly timeMs: number) {}

  add(row: TableRow): void {
    (this.rows.get(row.cell('event')) ?? this.others).push(row);
  }

  *events(programme: RewardProgramme): Generator<Produced> {
    for (const row of this.others) yield rejected('event: none of R, V, T, C', row);
    for (const [kind, rows] of this.rows) for (const row of rows) yield this.told(kind, row, programme);
  }

  private told(kind: string, row: TableRow, programme: RewardProgramme): Produced {
    const client = programme.clients[rowNumber(row.cell('client'))];
    if (client === undefined) return rejected('client: not in profile.json', row);
    if (kind === 'T') return this.payment(row, client);
    const offerRow = rowNumber(row.cell('offer'));
    const offer = programme.offers[offerRow];
    if (!offer) return rejected('offer: not in portfolio.json', row);
    return kind === 'R' ? this.received(row, client, offer, programme) : this.response(kind, row, client, offer, programme);
  }

  private payment(row: TableRow, client: string): Produced {
    const amount = minorUnitsOf(row.cell('amount'), { decimals: 2 });
    if (!amount.ok || amount.value <= 0) return rejected(`amount: ${amount.ok ? 'not positive' : amount.reason}`, row);
    const transactionId = idOf(row);
    this.payments.set(client, transactionId);
    const data = { transactionId, kind: 'purchase', merchantId: coffeeChain, mcc: fastFood, amountMinor: amount.value, currency: 'USD', channel: 'offline' };
    return this.event(row, 'transaction.authorised', client, data);
  }

  private received(row: TableRow, client: string, offer: StarbucksOffer, programme: RewardProgramme): Produced {
    const offerId = idOf(row);
    programme.received.add(client, offer, { offerId, receivedMs: this.timeMs });
    return this.event(row, 'offer.recorded', client, { offerId, campaignId: offer.campaignId, terms: offer.terms, propensity });
  }

  private response(kind: string, row: TableRow, client: string, offer: StarbucksOffer, programme: RewardProgramme): Produced {
    const { received } = programme;
    const answered: ReceivedOffer | undefined = kind === 'V' ? received.view(client, offer, this.timeMs) : received.complete(client, offer, this.timeMs);
    if (!answered) return rejected(kind === 'V' ? 'view of an offer not received' : 'completion of an offer not live', row);
    const transactionId = kind === 'C' ? this.payments.get(client) : undefined;
    const data = { offerId: answered.offerId, response: kind === 'V' ? 'viewed' : 'redeemed', ...(transactionId !== undefined && { transactionId }) };
    return this.event(row, 'offer.responded', client, data);
  }

  private event(row: TableRow, type: OutgoingEvent['type'], subject: string, data: OutgoingEvent['data']): Produced {
    return { kind: 'event', event: { type, id: idOf(row), source: starbucksSource, subject, timeMs: this.timeMs, data }, lines: row.lines, origin: row.origin };
  }
}

/** File and row: a second replay gives the same ids. */
function idOf(row: TableRow): string {
  return `${row.origin.file}:${row.origin.line}`;
}

function rowNumber(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : -1;
}
