import type { Table } from '@sp/learning';
import { csvRows, hasColumns, jsonRows, type PublicFile } from '../public-files';

/** The set's publisher sends offers at these hours; a part of the set holds some of them. */
export const outcomeHours = 72;
const maximumNet = 100;
export const noOffer = -1;

export interface Offer {
  readonly reward: number;
  readonly difficulty: number;
  readonly duration: number;
  readonly type: string;
  readonly channels: readonly string[];
}

interface Client {
  readonly age: number;
  readonly income: number;
  readonly gender: string;
  /** Days before the last one who joined. */
  readonly memberDays: number;
}

export interface Programme {
  readonly offers: readonly Offer[];
  readonly clients: readonly Client[];
}

/** One wave: for each client the offer that he got (or none), what he was before it, and what he spent after it. */
export interface Wave {
  readonly hour: number;
  readonly offers: Int8Array;
  /** Spent in the 72 hours after, at most 100, less the rewards paid. */
  readonly net: Float64Array;
  /** A row a client, known before the wave. */
  readonly clients: Table;
}

interface Event {
  readonly hour: number;
  readonly client: number;
  readonly kind: string;
  readonly offer: number;
  readonly amount: number;
  readonly reward: number;
}

export function isEvents(file: PublicFile): boolean {
  return hasColumns(file, 't', 'client', 'event', 'offer', 'amount', 'reward');
}

/** Clients and offers from whichever files have them; undefined where one is missing. */
export function programmeOf(files: readonly PublicFile[]): Programme | undefined {
  const offers = files.find(({ head }) => head.includes('"offer_type"') && head.includes('"difficulty"'));
  const clients = files.find(({ head }) => head.includes('"became_member_on"'));
  return offers && clients && { offers: (jsonRows(offers) as RawOffer[]).map(offerOf), clients: clientsOf(jsonRows(clients) as RawClient[]) };
}

export function wavesOf(files: readonly PublicFile[], programme: Programme): Wave[] {
  const events = files.flatMap(csvRows).map(eventOf).sort((a, b) => a.hour - b.hour);
  const hours = [...new Set(events.filter(({ kind }) => kind === 'R').map(({ hour }) => hour))];
  const lastHour = events.at(-1)?.hour ?? 0;
  return hours.filter((hour) => hour + outcomeHours <= lastHour + 24).map((hour) => waveOf(hour, events, programme));
}

interface RawOffer { reward: number; difficulty: number; duration: number; offer_type: string; channels: string[] }
interface RawClient { gender: string | null; age: number; income: number | null; became_member_on: string | number }

function offerOf({ reward, difficulty, duration, offer_type: type, channels }: RawOffer): Offer {
  return { reward, difficulty, duration, type, channels };
}

function clientsOf(rows: readonly RawClient[]): Client[] {
  const joined = rows.map(({ became_member_on: day }) => Date.parse(String(day).replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3')) / 86_400_000);
  const last = Math.max(...joined);
  // An age of 118 is how the set writes "unknown".
  return rows.map(({ age, income, gender }, client) => ({ age: age >= 118 ? NaN : age, income: income ?? NaN, gender: gender ?? '', memberDays: last - (joined[client] ?? NaN) }));
}

function eventOf(row: Record<string, string>): Event {
  return { hour: Number(row['t']), client: Number(row['client']), kind: row['event'] ?? '', offer: row['offer'] === '' ? noOffer : Number(row['offer']), amount: Number(row['amount']), reward: Number(row['reward']) };
}

const pastNames = ['payments', 'payments a day', 'spent', 'mean check', 'largest check', 'spent last week', 'hours since payment', 'offers', 'viewed', 'completed', 'rewards', 'informational seen', 'last net', 'payments last 3 days', 'median check'] as const;

function waveOf(hour: number, events: readonly Event[], { clients }: Programme): Wave {
  const offers = new Int8Array(clients.length).fill(noOffer);
  const [spent, rewards] = [new Float64Array(clients.length), new Float64Array(clients.length)];
  const past: Event[][] = clients.map(() => []);
  for (const event of events) {
    if (event.hour < hour) past[event.client]?.push(event);
    else if (event.hour === hour && event.kind === 'R') offers[event.client] = event.offer;
    else if (event.hour < hour + outcomeHours) {
      if (event.kind === 'T') spent[event.client] = (spent[event.client] ?? 0) + event.amount;
      if (event.kind === 'C') rewards[event.client] = (rewards[event.client] ?? 0) + event.reward;
    }
  }
  const figures = past.map((own) => pastFigures(own, hour));
  const net = spent.map((amount, client) => Math.min(maximumNet, amount) - (rewards[client] ?? 0));
  return { hour, offers, net, clients: clientTable(clients, figures) };
}

function clientTable(clients: readonly Client[], figures: readonly Record<string, number>[]): Table {
  const number = (name: string, of: (client: number) => number) => ({ kind: 'number', name, values: Float64Array.from(clients.keys(), of) }) as const;
  return {
    rows: clients.length,
    columns: [
      number('age', (client) => clients[client]!.age), number('income', (client) => clients[client]!.income), number('member days', (client) => clients[client]!.memberDays),
      ...['F', 'M', 'O'].map((gender) => number(`gender ${gender}`, (client) => Number(clients[client]!.gender === gender))),
      ...pastNames.map((name) => number(name, (client) => figures[client]?.[name] ?? NaN)),
    ],
  };
}

function pastFigures(own: readonly Event[], hour: number): Record<(typeof pastNames)[number], number> {
  const payments = own.filter(({ kind }) => kind === 'T');
  const checks = payments.map(({ amount }) => amount).sort((a, b) => a - b);
  const spent = checks.reduce((a, b) => a + b, 0);
  const count = (kind: string): number => own.filter((event) => event.kind === kind).length;
  const since = (hours: number): Event[] => payments.filter((event) => event.hour >= hour - hours);
  return {
    'payments': checks.length, 'payments a day': hour === 0 ? NaN : (checks.length * 24) / hour, 'spent': spent, 'mean check': checks.length === 0 ? NaN : spent / checks.length, 'largest check': checks.at(-1) ?? NaN,
    'spent last week': since(168).reduce((sum, { amount }) => sum + amount, 0), 'hours since payment': hour - (payments.at(-1)?.hour ?? NaN), 'offers': count('R'), 'viewed': count('V'), 'completed': count('C'),
    'rewards': own.reduce((sum, { reward }) => sum + (reward || 0), 0), 'informational seen': own.filter(({ kind, offer }) => kind === 'V' && (offer === 2 || offer === 7)).length,
    'last net': since(outcomeHours).reduce((sum, { amount }) => sum + amount, 0), 'payments last 3 days': since(outcomeHours).length, 'median check': checks[Math.floor(checks.length / 2)] ?? NaN,
  };
}
