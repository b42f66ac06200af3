import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import type { ArmPolicy } from '@sp/contracts';
import { mainCurrency } from './main-currency.sql';
import { runningEpochs } from './running-epochs.sql';

export interface ArmSpend {
  readonly experimentId: string;
  readonly epoch: number;
  readonly arm: ArmPolicy;
  readonly currency: string;
  readonly startedMs: number;
  readonly clients: number;
  readonly mean: number;
  /** Null below two clients. */
  readonly variance: number | null;
  readonly clientDays: number;
}

/**
 * Spend of every assigned client, whether he got an offer or not, from the day of his assignment on, less the discounts given to him.
 * In the currency of most purchases.
 */
export function armSpend(client: ClickHouseClient, untilMs: number): Promise<ArmSpend[]> {
  return readRows(client, query, { until: untilMs / 1000 });
}

const query = `
WITH
  ${mainCurrency} AS main_currency,
  assigned AS (
    SELECT experiment_id, epoch, client_id, argMin(arm, time) AS arm, min(time) AS since
    FROM assignments WHERE (experiment_id, epoch) IN ${runningEpochs} GROUP BY experiment_id, epoch, client_id
  ),
  spent AS (
    SELECT a.experiment_id AS experiment_id, s.client_id AS client_id, sum(s.amount_minor) AS minor
    FROM spend_by_client_day AS s INNER JOIN assigned AS a ON a.client_id = s.client_id
    WHERE s.currency = main_currency AND s.day >= toDate(a.since) GROUP BY experiment_id, client_id
  ),
  given AS (
    SELECT a.experiment_id AS experiment_id, o.client_id AS client_id, sum(o.discount_minor) AS minor
    FROM latest_outcomes AS o INNER JOIN assigned AS a ON a.client_id = o.client_id
    WHERE o.ghost = 0 AND o.issued_at >= a.since GROUP BY experiment_id, client_id
  )
SELECT
  experiment_id AS experimentId, epoch, arm, main_currency AS currency, min(since_ms) AS startedMs,
  count() AS clients, avg(net) AS mean, if(count() > 1, varSamp(net), NULL) AS variance, sum(days) AS clientDays
FROM (
  SELECT a.experiment_id AS experiment_id, a.epoch AS epoch, a.arm AS arm, toUnixTimestamp64Milli(a.since) AS since_ms,
    toFloat64(s.minor) - toFloat64(g.minor) AS net, greatest(0, {until:Float64} - since_ms / 1000) / 86400 AS days
  FROM assigned AS a
  LEFT JOIN spent AS s ON s.experiment_id = a.experiment_id AND s.client_id = a.client_id
  LEFT JOIN given AS g ON g.experiment_id = a.experiment_id AND g.client_id = a.client_id
)
GROUP BY experiment_id, epoch, arm`;
