import type { IncidentMoment, IncidentSignal, IncidentState } from '@sp/contracts';
import { formatCount } from './numbers';

export const incidentStateWords: Readonly<Record<IncidentState, string>> = { open: 'Open', acknowledged: 'Acknowledged', mitigated: 'Mitigated', resolved: 'Resolved', reopened: 'Open again' };

export const momentWords: Readonly<Record<IncidentMoment['kind'], string>> = {
  opened: 'Opened', fired: 'Fires', quiet: 'Quiet', acknowledged: 'Acknowledged', mitigated: 'Mitigated', resolved: 'Resolved', reopened: 'Opened again', reacted: 'Reaction', notified: 'Told outside',
};

const streams: Readonly<Record<string, string>> = { 'transaction.authorised': 'Payments', 'client.located': 'Positions', 'client.acted': 'App actions', 'offer.responded': 'Answers to offers' };
const shares: Readonly<Record<string, string>> = { rejected: 'Refused events', late: 'Late events', duplicate: 'Double events', reversed: 'Reversed purchases', refused: 'Visits refused by merchants' };
const families: Readonly<Record<string, string>> = { merchant: 'Purchases at', terms: 'Terms of offers at', model: 'Scores of model', leak: 'A slow change of', offered: 'Offers made in arm', accepted: 'Offers accepted:', drift: 'Drift of', split: 'Clients assigned to' };

/** `rate:transaction.authorised` is "Payments". */
export function signalInWords(signal: string): string {
  const [family = '', name = ''] = [signal.slice(0, signal.indexOf(':')), signal.slice(signal.indexOf(':') + 1)];
  if (family === 'rate') return streams[name] ?? name;
  if (family === 'share') return shares[name] ?? name;
  if (family === 'parity') return 'Stored features unlike recomputed ones';
  if (family === 'split') return `Clients of the arms of ${name.replace(':', ', epoch ')}`;
  return Object.hasOwn(families, family) ? `${families[family]} ${name.replaceAll(':', ', ')}` : signal;
}

/** What was strange: "few: 3 instead of 210". */
export function strangenessInWords({ noData, direction, count, expected }: Pick<IncidentSignal, 'noData' | 'direction' | 'count' | 'expected'>): string {
  if (noData) return 'nothing comes';
  return `${direction === 'low' ? 'too few' : 'too many'}: ${figure(count)}, expected ${figure(expected)}`;
}

/** Counts are whole; a spread or an index is below one. */
function figure(value: number): string {
  return value >= 10 || Number.isInteger(value) ? formatCount(Math.round(value)) : value.toFixed(value < 1 ? 2 : 1);
}
