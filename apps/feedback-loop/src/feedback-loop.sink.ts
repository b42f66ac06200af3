import { outcomes, type LinePlace, type SinkRow } from '@sp/clickhouse';
import type { LineEvent } from '@sp/contracts';
import { row } from '@sp/platform';

export const feedbackLoopTables = [outcomes];

/** One row for each offer or ghost that has come to its end; with the features of the decision's moment it is a training example. */
export function rowsOfFeedbackLoop(events: readonly LineEvent[], placeOf: (ordinal: number) => LinePlace): SinkRow<LinePlace>[] {
  return events.flatMap((event, ordinal) => {
    if (event.type !== 'outcome.closed') return [];
    const { offer, issuedAtMs, transactionId = '', ...outcome } = event.data;
    const { offerId, decisionId, clientId, merchantId, campaignId, scenario, arm } = offer;
    return [row(outcomes, { ...placeOf(ordinal), ...outcome, offerId, decisionId, clientId, merchantId, campaignId, scenario, arm, issuedAt: issuedAtMs, closedAt: event.timeMs, transactionId })];
  });
}
