import type { BankEvent, LineEvent, LineEventOf } from '@sp/contracts';

/** 2026-01-05 12:00 UTC, a Monday at noon: outside everybody's quiet hours. */
export const noonMs = Date.UTC(2026, 0, 5, 12);
const source = 'bench';
const merchants = 60;
const home = { lat: 52.5, lon: 13.4 };
const categories = [5411, 5812, 5651, 5462, 5912];

/**
 * A bank's stream of events: 60 % purchases, 20 % places, 15 % actions, 5 % registrations. Each client appears in about twenty events
 * near to one another and may be met once in them, so that about 5 % of the events lead to decisions. Always the same.
 */
export class EventMix {
  #number = 0;
  #random = 1;

  constructor(
    private readonly name = 'mix',
    private readonly beginsMs = noonMs,
  ) {}

  take(count: number): LineEvent[] {
    return Array.from({ length: count }, () => this.#next());
  }

  #next(): LineEvent {
    const number = this.#number++;
    if (number % 20 === 0) return this.#registered(number / 20);
    const about = { id: `${this.name}-${number}`, source, subject: this.#client(number), timeMs: this.beginsMs + number * 20 };
    const draw = this.#draw(100);
    if (draw < 63) return { ...about, type: 'transaction.authorised', data: this.#purchase(about.id) };
    if (draw < 84) return { ...about, type: 'client.located', data: { lat: home.lat + this.#draw(1_000) / 5_000, lon: home.lon + this.#draw(1_000) / 5_000, accuracyMeters: 20 } };
    return { ...about, type: 'client.acted', data: { action: draw < 92 ? 'app-opened' : 'help-read', sessionId: `s-${number}` } };
  }

  #registered(index: number): LineEventOf<'client.registered'> {
    const data = { birthYear: 1960 + (index % 40), segment: 'mass', timeZone: 'UTC', home, consents: { offers: true, geo: true } };
    return { type: 'client.registered', id: `${this.name}-r${index}`, source, subject: `${this.name}-c${index}`, timeMs: this.beginsMs + index * 400, data };
  }

  /** One of those registered lately. */
  #client(number: number): string {
    const newest = Math.floor(number / 20);
    return `${this.name}-c${Math.max(0, newest - this.#draw(60))}`;
  }

  #purchase(id: string): LineEventOf<'transaction.authorised'>['data'] {
    const merchant = this.#draw(merchants);
    const amountMinor = 200 + this.#draw(9_000);
    return { transactionId: id, kind: 'purchase', merchantId: `bench-m${merchant}`, mcc: categories[merchant % categories.length]!, amountMinor, currency: 'EUR', channel: merchant % 4 === 0 ? 'online' : 'offline' };
  }

  #draw(below: number): number {
    this.#random = (Math.imul(this.#random, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (this.#random >>> 8) % below;
  }
}

/** What must stand before the mix: merchants, and campaigns of a third of them. */
export function referenceEvents(): LineEvent[] {
  const timeMs = noonMs - 86_400_000;
  return Array.from({ length: merchants }, (_, index): LineEvent[] => {
    const merchantId = `bench-m${index}`;
    const location = { lat: home.lat + (index % 8) / 40, lon: home.lon + Math.floor(index / 8) / 40 };
    const merchant: LineEvent = { type: 'merchant.registered', id: merchantId, source, subject: merchantId, timeMs, data: { merchantId, name: `Shop ${index}`, mcc: categories[index % categories.length]!, location, online: index % 4 === 0, priceLevel: 2, partner: true } };
    return index % 3 === 0 ? [merchant, campaignOf(merchantId, timeMs)] : [merchant];
  }).flat();
}

function campaignOf(merchantId: string, timeMs: number): LineEvent {
  const terms = [5, 10, 20].map((discountPercent) => ({ discountPercent, validityDays: 7, minimumCheckMinor: 1_000 }));
  const campaignId = `bench-k-${merchantId}`;
  const data = { campaignId, merchantId, objective: 'spend' as const, startsAt: '2026-01-01T00:00:00Z', endsAt: '2026-12-31T00:00:00Z', budgetMinor: 1_000_000_000, currency: 'EUR', marginPercent: 30, terms };
  return { type: 'campaign.published', id: campaignId, source, subject: campaignId, timeMs, data };
}

/** As a bank would send it: CloudEvents 1.0 in JSON. */
export function envelopeOf(event: LineEvent | BankEvent): Record<string, unknown> {
  const { type, id, subject, data, timeMs } = event;
  return { specversion: '1.0', id, source, type, subject, time: new Date(timeMs).toISOString(), data };
}
