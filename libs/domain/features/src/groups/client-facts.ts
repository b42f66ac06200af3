import type { BankEventData, Consents, Place } from '@sp/contracts';
import type { FeatureGroup } from '../feature-group';
import { flag, integer, json, optional, placeCodec, record, text } from '../stored/codec';
import { dayMs } from '../time-units';

/** What the bank tells of a client, as last told. */
export interface ClientFacts {
  /** Of the first registration. */
  registeredAtMs: number | undefined;
  factsAtMs: number;
  consents: Consents;
  consentsAtMs: number;
  timeZone: string;
  segment: string;
  birthYear: number | undefined;
  incomeMinor: number | undefined;
  /** Day on which he became a client or got his card, where the bank says so. */
  sinceMs: number | undefined;
  home: Place | undefined;
  attributes: Readonly<Record<string, string | number | boolean>>;
}

const noConsent: Consents = { offers: false, geo: false };

/** How long a client, how old, how rich. Until he is registered he has consented to nothing. */
export const clientFacts: FeatureGroup<ClientFacts> = {
  empty: () => ({
    registeredAtMs: undefined, factsAtMs: 0, consents: noConsent, consentsAtMs: 0, timeZone: 'UTC', segment: 'unknown',
    birthYear: undefined, incomeMinor: undefined, sinceMs: undefined, home: undefined, attributes: {},
  }),
  codec: record<ClientFacts>({
    registeredAtMs: optional(integer), factsAtMs: integer, consents: record<Consents>({ offers: flag, geo: flag }), consentsAtMs: integer, timeZone: text, segment: text,
    birthYear: optional(integer), incomeMinor: optional(integer), sinceMs: optional(integer), home: optional(placeCodec), attributes: json(),
  }),
  features: [
    { name: 'tenureDays', type: 'real', missing: 'not registered', value: (facts, { timeMs }) => (timeMs - (facts.sinceMs ?? facts.registeredAtMs ?? NaN)) / dayMs },
    { name: 'ageYears', type: 'integer', missing: 'no birth year', value: ({ birthYear }, { timeMs }) => new Date(timeMs).getUTCFullYear() - (birthYear ?? NaN) },
    { name: 'incomeLog', type: 'real', missing: 'no income', value: ({ incomeMinor }) => Math.log1p(incomeMinor ?? NaN) },
  ],
};

export function writeRegistration(facts: ClientFacts, data: BankEventData<'client.registered'>, timeMs: number): void {
  writeConsents(facts, data.consents, timeMs);
  if (timeMs < facts.factsAtMs) return;
  facts.factsAtMs = timeMs;
  facts.registeredAtMs ??= timeMs;
  facts.timeZone = data.timeZone;
  facts.segment = data.segment ?? 'unknown';
  facts.birthYear = data.birthYear;
  facts.incomeMinor = data.incomeMinor;
  facts.sinceMs = parseDay(data.memberSince) ?? parseDay(data.cardSince);
  facts.home = data.home;
  facts.attributes = data.attributes ?? {};
}

/** An older statement that arrives late never undoes a newer one. */
export function writeConsents(facts: ClientFacts, consents: Consents, timeMs: number): void {
  if (timeMs < facts.consentsAtMs) return;
  facts.consentsAtMs = timeMs;
  facts.consents = consents;
}

/** Leading `2017-07-15` or `20170715`; other forms depend on the machine that reads them and are not guessed at. */
function parseDay(text: string | undefined): number | undefined {
  const [, year, month, day] = /^(\d{4})-?(\d{2})-?(\d{2})(?!\d)/.exec(text ?? '') ?? [];
  if (!year || !month || !day) return undefined;
  return Date.UTC(Number(year), Number(month) - 1, Number(day));
}
