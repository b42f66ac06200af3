import type { DeadLetterState, DeadLetterSummary, RejectCode } from '@sp/contracts';

/** Why an event was not taken, as a person would say it. */
export const refusalWords: Readonly<Record<RejectCode, string>> = {
  'malformed-envelope': 'No readable envelope',
  'unknown-type': 'Unknown type of event',
  'invalid-data': 'Data not valid',
  'card-number': 'Holds a card number',
  'conflict': 'Known with other content',
  'too-old': 'Too old',
  'too-far-ahead': 'Too far ahead in time',
  'wrong-currency': 'Wrong currency',
  'unknown-original': 'Refers to nothing known',
  'too-large': 'Too large',
  'reserved-source': 'Source is the system’s own',
  'not-permitted': 'Not declared for this sender',
};

export function refusalInWords(reason: string): string {
  return Object.hasOwn(refusalWords, reason) ? refusalWords[reason as RejectCode] : reason;
}

export const stateWords: Readonly<Record<DeadLetterState['kind'], string>> = { open: 'Open', replayed: 'Replayed', dropped: 'Dropped' };

/** `HTTP, item 3 of request …` */
export function originInWords({ origin, position }: Pick<DeadLetterSummary, 'origin' | 'position'>): string {
  const [place = '', item = ''] = position.split('#');
  if (origin === 'line') return `The line, partition ${place.split(':')[0]}, frame ${place.split(':')[1]}, event ${item}`;
  if (origin === 'http') return `HTTP door, request ${place}, item ${item}`;
  return `${origin === 'bank' ? 'Stream BANK' : 'Control request on the stream BANK'}, message ${place}, item ${item}`;
}
