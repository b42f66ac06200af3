import type { ConsideredCandidate, DecisionRecord, Finding, OfferTerms } from '@sp/contracts';

/** The record as sentences, in the order in which the decision came about. */
export function decisionWords(record: DecisionRecord): string[] {
  const { clientId, trigger, scenario, arm, versions, considered } = record;
  return [
    `Client ${clientId}: a decision was due by ${scenario} (${trigger}); his arm is ${arm}, the policy ${versions.policy}, the model ${versions.model}.`,
    considered.length === 0 ? 'No candidate was considered.' : `${considered.length} offers of ${new Set(considered.map(({ campaignId }) => campaignId)).size} campaigns were considered: ${kindsOf(considered)}.`,
    ...outcomeWords(record),
  ];
}

function outcomeWords(record: DecisionRecord): string[] {
  const { outcome, reason, offer, barrier, movedToMs, propensity, exploration, valueMinor } = record;
  if (outcome === 'none' || !offer) {
    const moved = movedToMs === undefined ? [] : [`It will be decided again at ${new Date(movedToMs).toISOString()}.`];
    return [`No offer: ${reasonWords(reason)}${barrier ? ` (${findingWords(barrier)})` : ''}.`, ...moved];
  }
  const chosen = record.considered.find(({ removedBy }) => removedBy === undefined);
  return [
    `${outcome === 'ghost' ? 'Nothing was delivered; it would have been' : 'The offer is'} ${offerWords(offer, offer.currency)}, valid until ${offer.validUntil}.`,
    `It was ${exploration ? 'drawn by lot' : 'the first choice of its arm'}; the arm makes this choice here with probability ${percent(propensity)}.`,
    ...(chosen ? [`Worth ${money(valueMinor, offer.currency)}: he redeems with probability ${percent(chosen.conversion)}, would buy here anyhow with ${percent(chosen.baseline)}, and is expected to spend ${money(chosen.expectedCheckMinor, offer.currency)}.`] : []),
  ];
}

/** What removed a candidate, with the value and the threshold. */
export function loserWords({ campaignId, merchantId, terms, currency, conversion, valueMinor, removedBy, finding }: ConsideredCandidate): string {
  const why = removedBy === undefined ? 'stayed; something stood against any offer' : `${removedBy}${finding ? ` (${findingWords(finding)})` : ''}`;
  return `${campaignId} ${offerWords({ merchantId, terms }, currency)}: P ${percent(conversion)}, worth ${money(valueMinor, currency)}: ${why}`;
}

export function offerWords({ merchantId, terms }: { readonly merchantId: string; readonly terms: OfferTerms }, currency = ''): string {
  const from = terms.minimumCheckMinor > 0 ? `, from ${money(terms.minimumCheckMinor, currency)}` : '';
  return `${terms.discountPercent} % at ${merchantId} for ${terms.validityDays} days${from}`;
}

const reasons: Readonly<Record<DecisionRecord['reason'], string>> = {
  'chosen': 'chosen',
  'no-consent': 'the client has not agreed to offers',
  'card-too-young': 'his card is too young',
  'quiet-hours': 'quiet hours where he lives',
  'daily-cap': 'as many offers today as the policy allows',
  'weekly-cap': 'as many offers this week as the policy allows',
  'cool-down': 'he declined one a short while ago',
  'no-candidates': 'no campaign came into question',
  'no-eligible-candidate': 'every candidate was removed by a rule',
  'no-positive-value': 'no candidate is worth its cost',
  'no-model': 'no model is active',
};

export function reasonWords(reason: DecisionRecord['reason']): string {
  return reasons[reason];
}

function findingWords({ value, threshold }: Finding): string {
  const said = (part: Finding['value']): string => (typeof part === 'number' ? String(Math.round(part * 1000) / 1000) : String(part));
  return `found ${said(value)}, the rule says ${said(threshold)}`;
}

function kindsOf(considered: readonly ConsideredCandidate[]): string {
  const kinds = new Map<string, Set<string>>();
  for (const { retrievedBy, campaignId } of considered) kinds.set(retrievedBy, (kinds.get(retrievedBy) ?? new Set()).add(campaignId));
  return [...kinds].map(([kind, campaigns]) => `${campaigns.size} by ${kind}`).join(', ');
}

export function money(minor: number, currency = ''): string {
  return `${(minor / 100).toFixed(2)} ${currency}`.trim();
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
