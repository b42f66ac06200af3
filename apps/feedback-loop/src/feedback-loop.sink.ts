import { outcomes, type LinePlace, type OutcomeRow, type SinkRow } from '@sp/clickhouse';
import type { LineEvent, Outcome } from '@sp/contracts';
import { graceMs } from '@sp/offers';
import { row } from '@sp/platform';

export const feedbackLoopTables = [outcomes];

/** One row for each word on an offer or ghost: its first outcome, then each amendment; with the features of the decision's moment it is a training example. */
export function rowsOfFeedbackLoop(events: readonly LineEvent[], placeOf: (ordinal: number) => LinePlace): SinkRow<LinePlace>[] {
  return events.flatMap((event, ordinal) => (event.type === 'outcome.closed' || event.type === 'outcome.amended' ? [row(outcomes, { ...placeOf(ordinal), ...outcomeRow(event.data, event.timeMs) })] : []));
}

function outcomeRow({ offer, issuedAtMs, transactionId = '', rewards, ...outcome }: Outcome, closedAt: number): Omit<OutcomeRow, keyof LinePlace> {
  const { offerId, decisionId, clientId, merchantId, campaignId, scenario, arm } = offer;
  return { ...outcome, ...(rewards ?? unknownRewards), offerId, decisionId, clientId, merchantId, campaignId, scenario, arm, issuedAt: issuedAtMs, knownAt: Date.parse(offer.validUntil) + graceMs, closedAt, transactionId };
}

/** An empty objective says that the campaign was not known. */
const unknownRewards = { objective: '', rewardMinor: 0, marginMinor: 0, frequencyMinor: 0, averageCheckMinor: 0, newMerchantMinor: 0 };
