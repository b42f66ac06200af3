import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import type { ArmPolicy } from '@sp/contracts';
import { runningEpochs } from './running-epochs.sql';

/** Sums over the clients who got an offer, or would have got one. */
export interface ArmOffers {
  readonly experimentId: string;
  readonly arm: ArmPolicy;
  readonly clients: number;
  readonly offers: number;
  readonly offersSquared: number;
  readonly accepted: number;
  readonly acceptedSquared: number;
  readonly offersTimesAccepted: number;
  readonly redeemed: number;
  readonly redeemedSquared: number;
  readonly offersTimesRedeemed: number;
}

/**
 * Of all offers so far, not of the closed ones: a redeemed offer closes at once, a forgotten one after its validity, so that a rate
 * over closed offers would be too high in every young experiment. So far is too low for all arms alike.
 */
export function armOffers(client: ClickHouseClient): Promise<ArmOffers[]> {
  return readRows(client, query);
}

const query = `
SELECT experiment_id AS experimentId, arm, count() AS clients,
  sum(made) AS offers, sum(made * made) AS offersSquared,
  sum(taken) AS accepted, sum(taken * taken) AS acceptedSquared, sum(made * taken) AS offersTimesAccepted,
  sum(used) AS redeemed, sum(used * used) AS redeemedSquared, sum(made * used) AS offersTimesRedeemed
FROM (
  SELECT experiment_id, arm, client_id, count() AS made,
    countIf(offer_id IN (SELECT offer_id FROM responses WHERE response = 'accepted')) AS taken,
    countIf(offer_id IN (SELECT offer_id FROM latest_outcomes WHERE redeemed = 1)) AS used
  FROM decisions
  WHERE outcome IN ('offer', 'ghost') AND (experiment_id, epoch) IN ${runningEpochs}
  GROUP BY experiment_id, arm, client_id
)
GROUP BY experiment_id, arm`;
