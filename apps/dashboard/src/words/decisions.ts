import type { ArmPolicy, DecisionRecord, OfferTerms, RemovalReason, RetrievalKind, Scenario } from '@sp/contracts';
import { formatMoney } from './money';

export const scenarioWords: Readonly<Record<Scenario, string>> = {
  forecast: 'Own best moment',
  event: 'Something happened',
  timer: 'Not reached otherwise',
};

export const armWords: Readonly<Record<ArmPolicy, { readonly name: string; readonly what: string }>> = {
  holdout: { name: 'Holdout', what: 'no offers' },
  random: { name: 'Random', what: 'any eligible offer' },
  rules: { name: 'Rules', what: 'by hand-made rules' },
  model: { name: 'Model', what: 'by expected value' },
};

/** An arm by its name: those of the always-on experiment have words, others their own. */
export function armName(arm: string): string {
  return arm in armWords ? armWords[arm as ArmPolicy].name : arm;
}

export const outcomeWords: Readonly<Record<DecisionRecord['outcome'], string>> = {
  offer: 'Offer made',
  ghost: 'Would-be offer (holdout)',
  none: 'No offer',
};

export const reasonWords: Readonly<Record<DecisionRecord['reason'], string>> = {
  'chosen': 'chosen',
  'no-consent': 'the client has not consented',
  'card-too-young': 'the card is too new',
  'quiet-hours': 'quiet hours where the client lives',
  'daily-cap': 'enough contacts today',
  'weekly-cap': 'enough contacts this week',
  'cool-down': 'declined one recently',
  'no-candidates': 'no campaign came into question',
  'no-eligible-candidate': 'no campaign was eligible',
  'no-positive-value': 'every offer would cost more than it earns',
  'no-model': 'no model is active',
};

export const removalWords: Readonly<Record<RemovalReason, string>> = {
  'campaign-paused': 'campaign is paused',
  'merchant-paused': 'merchant is paused',
  'campaign-not-running': 'campaign is not running',
  'outside-audience': 'not for this audience',
  'already-customer': 'buys here already',
  'wrong-channel': 'channel is switched off',
  'too-far': 'too far away',
  'budget-exhausted': 'budget is used up',
  'ahead-of-pace': 'budget is ahead of its days',
  'recently-offered': 'offered recently',
  'campaign-cap': 'enough offers of this campaign',
  'live-offer-exists': 'an offer is still open',
  'declined-recently': 'declined recently',
  'value-not-positive': 'costs more than it earns',
  'lost-on-value': 'worth less than the chosen one',
  'not-drawn': 'not drawn',
};

export const retrievalWords: Readonly<Record<RetrievalKind, string>> = {
  'nearby': 'nearby',
  'habit': 'buys here',
  'forecast-category': 'category is due',
  'set-difference': 'people like this client buy here',
  'similar-clients': 'clients of the same habits buy here',
  'popular': 'popular',
  'trigger': 'just looked at',
};

/** Triggers are open-ended: known ones in words, others as they are. */
const triggers: Readonly<Record<string, string>> = {
  'near-merchant': 'is near a merchant',
  'after-purchase': 'has just bought something',
  'app-opened': 'has opened the app',
  'merchant-viewed': 'has looked at a merchant',
  'category-viewed': 'has looked at a category',
  'own-rhythm': 'usually buys about now',
  'uncovered': 'has not been reached for a while',
  'newcomer': 'is new',
  'requested': 'asked for an offer',
};

export function triggerWords(trigger: string): string {
  return triggers[trigger] ?? trigger.replaceAll('-', ' ');
}

/** An unknown code of a newer server is shown as it is rather than hidden. */
export function wordsOf(table: Readonly<Record<string, string>>, code: string): string {
  return table[code] ?? code.replaceAll('-', ' ');
}

export function termsInWords(terms: OfferTerms, currency: string | undefined): string {
  const parts = [`${terms.discountPercent} % off`, `${terms.validityDays} d`];
  if (terms.minimumCheckMinor > 0 && currency) parts.push(`from ${formatMoney(terms.minimumCheckMinor, currency)}`);
  return parts.join(' · ');
}
