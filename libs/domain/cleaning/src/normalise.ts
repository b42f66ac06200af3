import { findCardNumber, type EventCorrection } from '@sp/contracts';
import type { CleaningPolicy } from './cleaning-policy';
import { instantOf, zoneNamed } from './time-zones';

export interface Normalised {
  readonly value: unknown;
  readonly corrections: readonly EventCorrection[];
}

type Fields = Readonly<Record<string, unknown>>;
type Note = (rule: EventCorrection['rule'], field: string, before: unknown, after: string | number) => void;

const nothing: readonly EventCorrection[] = [];

/**
 * One parsed item of a door in the spelling that the contracts ask for. It knows the item alone: the same item is always read alike, however
 * often it comes. What it cannot mend it leaves, for the reader to refuse.
 */
export function normalise(value: unknown, policy: CleaningPolicy): Normalised {
  if (!isFields(value) || !isFields(value['data'])) return { value, corrections: nothing };
  const corrections: EventCorrection[] = [];
  const note: Note = (rule, field, before, after) => void corrections.push({ rule, field, before: before === undefined ? null : (before as string | number), after });
  const envelope = envelopeChanges(value, policy, note);
  const data = dataChanges(value['type'], value['data'], policy, note);
  if (corrections.length === 0) return { value, corrections: nothing };
  return { value: { ...value, ...envelope, data: { ...value['data'], ...data } }, corrections };
}

const localTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?$/;

function envelopeChanges({ time }: Fields, { timeZone }: CleaningPolicy, note: Note): Fields {
  if (timeZone === undefined || typeof time !== 'string' || !localTime.test(time)) return {};
  const instant = instantOf(time, timeZone);
  if (instant === undefined) return {};
  note('time-without-offset', 'time', time, instant);
  return { time: instant };
}

function dataChanges(type: unknown, data: Fields, policy: CleaningPolicy, note: Note): Fields {
  const changes: Record<string, unknown> = {};
  const change: Note = (rule, field, before, after) => {
    changes[field] = after;
    note(rule, `data.${field}`, before, after);
  };
  switch (type) {
    case 'transaction.authorised':
      codeAsNumber(data, change);
      currencySpelling(data, 'currency', change);
      break;
    case 'client.acted':
      codeAsNumber(data, change);
      break;
    case 'merchant.registered':
      codeAsNumber(data, change);
      merchantName(data, change);
      break;
    case 'campaign.published':
      currencySpelling(data, 'currency', change);
      break;
    case 'rate.published':
      currencySpelling(data, 'base', change);
      currencySpelling(data, 'quote', change);
      break;
    case 'client.registered':
      timeZoneName(data, policy, change);
      if (data['consents'] === undefined) {
        changes['consents'] = { offers: false, geo: false };
        note('consent-missing', 'data.consents', undefined, 'none');
      }
  }
  return changes;
}

function codeAsNumber({ mcc }: Fields, change: Note): void {
  if (typeof mcc === 'string' && /^\s*\d{1,4}\s*$/.test(mcc)) change('mcc-as-text', 'mcc', mcc, Number(mcc));
}

function currencySpelling(data: Fields, field: string, change: Note): void {
  const given = data[field];
  if (typeof given !== 'string' || /^[A-Z]{3}$/.test(given) || !/^\s*[A-Za-z]{3}\s*$/.test(given)) return;
  change('currency-spelling', field, given, given.trim().toUpperCase());
}

/** What payment providers put before the shop's own name on a statement. */
const providers = /^(?:SQ|PAYPAL|PP|SUMUP|IZ|TST|STRIPE|ADYEN|ZTL)\s*\*\s*/i;
const longestName = 512;

function merchantName({ name }: Fields, change: Note): void {
  if (typeof name !== 'string' || name.length > longestName || findCardNumber(name) !== undefined) return;
  const clean = name.normalize('NFKC').replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim().replace(providers, '');
  if (clean !== '' && clean !== name) change('merchant-name', 'name', name, clean);
}

function timeZoneName({ timeZone }: Fields, policy: CleaningPolicy, change: Note): void {
  if (timeZone === undefined) {
    if (policy.timeZone !== undefined) change('time-zone-missing', 'timeZone', undefined, policy.timeZone);
    return;
  }
  const known = typeof timeZone === 'string' ? zoneNamed(timeZone) : undefined;
  if (known !== undefined && known !== timeZone) change('time-zone-name', 'timeZone', timeZone, known);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
