import { assignments, controlChanges, decisions, experimentWords, offers, type DecisionRow, type LinePlace, type OfferRow, type RowOf, type SinkRow } from '@sp/clickhouse';
import { readConsidered, type IssuedOffer, type LineEvent, type LineEventOf, type LoggedDecision, type OwnExperiment } from '@sp/contracts';
import { row } from '@sp/platform';

export const recommenderTables = [assignments, controlChanges, decisions, offers, experimentWords];

const decidedBySomebody = ['campaign.published', 'campaign.paused', 'merchant.paused', 'policy.published', 'model.activated'] as const;
type Change = LineEventOf<(typeof decidedBySomebody)[number]>;

/** Arms at first sight, every decision with its whole record, every offer or ghost; and who changed what concerns everybody. */
export function rowsOfRecommender(events: readonly LineEvent[], placeOf: (ordinal: number) => LinePlace): SinkRow<LinePlace>[] {
  return events.flatMap((event, ordinal) => {
    const place = placeOf(ordinal);
    if (event.type === 'client.assigned') return [row(assignments, { ...place, clientId: event.subject, ...event.data, time: event.timeMs })];
    if (event.type === 'experiment.published') return [row(experimentWords, { ...place, ...wordRow(event.data, event.timeMs) })];
    // Each partition's log holds a copy of the control log.
    if (isChange(event)) return place.partition === 0 ? [row(controlChanges, { ...place, time: event.timeMs, type: event.type, about: event.subject, by: authorOf(event), data: JSON.stringify(event.data) })] : [];
    if (event.type !== 'decision.made') return [];
    const { replySubject: _, ...record } = event.data;
    const decided = row(decisions, { ...place, ...decisionRow(record, event.timeMs) });
    return record.offer ? [decided, row(offers, { ...place, ...offerRow(record, record.offer, event.timeMs) })] : [decided];
  });
}

function wordRow(experiment: OwnExperiment, time: number): Omit<RowOf<typeof experimentWords>, keyof LinePlace> {
  const { experimentId, epoch, state } = experiment;
  return { experimentId, epoch, state, time, document: JSON.stringify(experiment) };
}

function decisionRow(record: LoggedDecision, time: number): Omit<DecisionRow, keyof LinePlace> {
  const { decisionId, clientId, scenario, trigger, arm, experimentArm = arm, experimentId, epoch, salt, outcome, reason, propensity, exploration, offer, features } = record;
  const chosen = offer && readConsidered(record.considered).find(({ removedBy }) => removedBy === undefined);
  return {
    decisionId, clientId, time, scenario, trigger, arm, experimentArm, experimentId, epoch, salt, outcome, reason, propensity, exploration, features,
    merchantId: offer?.merchantId ?? '', campaignId: offer?.campaignId ?? '', offerId: offer?.offerId ?? '',
    discountPercent: offer?.terms.discountPercent ?? 0, validityDays: offer?.terms.validityDays ?? 0, minimumCheckMinor: offer?.terms.minimumCheckMinor ?? 0,
    score: chosen?.conversion ?? 0, valueMinor: chosen?.valueMinor ?? 0, modelVersion: record.versions.model,
    record: JSON.stringify(record),
  };
}

function offerRow({ outcome, propensity }: LoggedDecision, offer: IssuedOffer, time: number): Omit<OfferRow, keyof LinePlace> {
  const { offerId, decisionId, clientId, merchantId, campaignId, scenario, arm, terms, validUntil } = offer;
  const { discountPercent, validityDays, minimumCheckMinor } = terms;
  return { offerId, decisionId, clientId, merchantId, campaignId, scenario, arm, time, validUntil: Date.parse(validUntil), discountPercent, validityDays, minimumCheckMinor, ghost: outcome === 'ghost', propensity };
}

function isChange(event: LineEvent): event is Change {
  return (decidedBySomebody as readonly string[]).includes(event.type);
}

/** What the bank publishes itself names nobody: there it is the source. */
function authorOf({ data, source }: Change): string {
  return 'by' in data && typeof data.by === 'string' ? data.by : source;
}
