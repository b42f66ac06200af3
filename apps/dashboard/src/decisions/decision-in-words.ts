import type { DecisionDetail } from '@sp/contracts';
import { armWords, reasonWords, termsInWords, triggerWords, wordsOf } from '../words/decisions';
import { formatPercent } from '../words/numbers';
import { formatInstant } from '../words/time';

/** The record as sentences, in the order in which the decision came about. */
export function decisionInWords(record: DecisionDetail): readonly string[] {
  const arm = armWords[record.arm];
  return [
    `Client ${record.clientId} ${triggerWords(record.trigger)}, so a decision was due.`,
    `The client belongs to the ${arm.name.toLowerCase()} arm (${arm.what}).`,
    whatHappened(record),
    ...howChosen(record),
  ];
}

function whatHappened({ outcome, reason, offer }: DecisionDetail): string {
  if (outcome === 'none' || !offer) return `No offer was made: ${wordsOf(reasonWords, reason)}.`;
  const what = `${termsInWords(offer.terms, offer.currency)} at ${offer.merchantId}, valid until ${formatInstant(Date.parse(offer.validUntil))}`;
  return outcome === 'ghost' ? `Nothing was delivered; the offer would have been ${what}.` : `The offer: ${what}.`;
}

function howChosen({ outcome, considered, propensity, exploration }: DecisionDetail): readonly string[] {
  if (outcome === 'none') return considered.length > 0 ? [`${considered.length} candidates were considered.`] : [];
  const how = exploration ? 'drawn to learn from' : 'chosen by value';
  return [`It was ${how} among ${considered.length} candidates; this arm makes this choice here with probability ${formatPercent(propensity)}.`];
}
