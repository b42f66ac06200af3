import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import type { ClusterSums } from '@sp/experiments';
import type { ExperimentPlan } from './experiment-plans';

/** Sums over the clients of an arm who got an offer, or would have got one. */
export interface ArmOffers {
  readonly arm: string;
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
 * over closed offers would be too high in every young experiment. So far is too low for all arms alike. A client whom an experiment of the bank's
 * own steers has his offers counted there.
 */
export function armOffers(client: ClickHouseClient, { experimentId, epoch }: Pick<ExperimentPlan, 'experimentId' | 'epoch'>): Promise<ArmOffers[]> {
  return readRows(client, query, { experimentId, epoch });
}

export function offerSums(made: ArmOffers | undefined): { readonly accepted: ClusterSums; readonly redeemed: ClusterSums } {
  const trials = { clients: made?.clients ?? 0, trials: made?.offers ?? 0, trialsSquared: made?.offersSquared ?? 0 };
  return {
    accepted: { ...trials, successes: made?.accepted ?? 0, successesSquared: made?.acceptedSquared ?? 0, trialsTimesSuccesses: made?.offersTimesAccepted ?? 0 },
    redeemed: { ...trials, successes: made?.redeemed ?? 0, successesSquared: made?.redeemedSquared ?? 0, trialsTimesSuccesses: made?.offersTimesRedeemed ?? 0 },
  };
}

const query = `
SELECT toString(experiment_arm) AS arm, count() AS clients,
  sum(made) AS offers, sum(made * made) AS offersSquared,
  sum(taken) AS accepted, sum(taken * taken) AS acceptedSquared, sum(made * taken) AS offersTimesAccepted,
  sum(used) AS redeemed, sum(used * used) AS redeemedSquared, sum(made * used) AS offersTimesRedeemed
FROM (
  SELECT experiment_arm, client_id, count() AS made,
    countIf(offer_id IN (SELECT offer_id FROM responses WHERE response = 'accepted')) AS taken,
    countIf(offer_id IN (SELECT offer_id FROM latest_outcomes WHERE redeemed = 1)) AS used
  FROM decisions
  WHERE outcome IN ('offer', 'ghost') AND experiment_id = {experimentId:String} AND epoch = {epoch:UInt32}
  GROUP BY experiment_arm, client_id
)
GROUP BY experiment_arm`;
