import type { ClientProfile, DecisionDue, LineEvent } from '@sp/contracts';
import { featureNames } from '@sp/features';
import { noonMs } from './event-mix';

export const campaigns = 500;
const gridPoints = 12;
const decidedEach = 20;
const source = 'bench';
const home = { lat: 52.5, lon: 13.4 };
const categories = [5411, 5812, 5651, 5462, 5912, 7832, 5941, 5732];
const merchantId = (index: number): string => `bench-m${index}`;

/** What stands before: 500 merchants, each with a live campaign on a grid of twelve terms, and the model that scores. */
export function decisionReference(modelVersion: string): LineEvent[] {
  const timeMs = noonMs - 86_400_000;
  const model: LineEvent = { type: 'model.activated', id: 'bench-model', source, subject: 'redemption', timeMs, data: { model: 'redemption', version: modelVersion, by: 'bench' } };
  return [model, ...Array.from({ length: campaigns }, (_, index) => [merchantOf(index, timeMs), campaignOf(index, timeMs)]).flat()];
}

function merchantOf(index: number, timeMs: number): LineEvent {
  const location = { lat: home.lat + (index % 25) / 100, lon: home.lon + Math.floor(index / 25) / 100 };
  return { type: 'merchant.registered', id: merchantId(index), source, subject: merchantId(index), timeMs, data: { merchantId: merchantId(index), name: `Shop ${index}`, mcc: categories[index % categories.length]!, location, online: index % 5 === 0, priceLevel: 1 + (index % 4), partner: true } };
}

function campaignOf(index: number, timeMs: number): LineEvent {
  const campaignId = `bench-k${index}`;
  const terms = Array.from({ length: gridPoints }, (_, point) => ({ discountPercent: 5 + 5 * (point % 3), validityDays: [3, 7, 14, 21][point % 4]!, minimumCheckMinor: 500 * (point % 2) }));
  const data = { campaignId, merchantId: merchantId(index), objective: 'spend' as const, startsAt: '2026-01-01T00:00:00Z', endsAt: '2026-12-31T00:00:00Z', budgetMinor: 10_000_000_000, currency: 'EUR', marginPercent: 30, terms };
  return { type: 'campaign.published', id: campaignId, source, subject: campaignId, timeMs, data };
}

/** Purchases as the feature store hands them on, each twentieth leading to a decision for a client who has had none. Always the same. */
export class DecisionMix {
  #number = 0;

  constructor(private readonly name: string) {}

  take(count: number): LineEvent[] {
    return Array.from({ length: count }, () => this.#next()).flat();
  }

  #next(): LineEvent[] {
    const number = this.#number++;
    const subject = `${this.name}-c${Math.floor(number / decidedEach)}`;
    const timeMs = noonMs + number * 20;
    const id = `${this.name}-${number}`;
    const bought: LineEvent = { type: 'transaction.authorised', id, source, subject, timeMs, data: { transactionId: id, kind: 'purchase', merchantId: merchantId((number * 37) % campaigns), mcc: categories[number % categories.length]!, amountMinor: 500 + ((number * 7919) % 9_000), currency: 'EUR', channel: 'offline' } };
    return number % decidedEach === 0 ? [bought, dueOf(subject, id, number, timeMs)] : [bought];
  }
}

/** Vectors differ from client to client, so that trees are walked on many ways. */
export function dueOf(subject: string, triggerEventId: string, number: number, timeMs: number): DecisionDue {
  const vector = featureNames.map((_, column) => ((number * 31 + column * 17) % 11 === 0 ? NaN : ((number * 13 + column * 29) % 97) / 3));
  return { type: 'decision.due', id: `event:${triggerEventId}`, source, subject, timeMs, data: { scenario: 'event', trigger: 'after-purchase', triggerEventId, mcc: categories[number % categories.length]!, vector, profile: profileOf(number, timeMs) } };
}

function profileOf(number: number, timeMs: number): ClientProfile {
  const merchants = Array.from({ length: 12 }, (_, place) => ({ merchantId: merchantId((number * 11 + place * 41) % campaigns), purchases: 12 - place, lastMs: timeMs - place * 3_600_000 }));
  const used = Array.from({ length: 5 }, (_, place) => ({ mcc: categories[(number + place) % categories.length]!, purchases: 20 - place, averageCheckMinor: 2_000 + 100 * place, lastMs: timeMs }));
  return { segment: 'mass', timeZone: 'UTC', offersConsent: true, merchants, categories: used, averageCheckMinor: 2_500, place: home, attributes: {}, firstSeenMs: timeMs - 100 * 86_400_000 };
}
