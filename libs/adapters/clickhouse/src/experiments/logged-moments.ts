import type { ClickHouseClient } from '@clickhouse/client';
import { momentOf, type LoggedMoment, type LoggedRow } from '@sp/experiments';
import { readRows } from '../read-rows';

/** A record is some 15 kB: a page is parsed in a few dozens of milliseconds. */
const pageRows = 500;

/** Offers of the random arm whose time and grace are over, each with its last outcome; as many as asked, drawn by their ids' hash. Only this arm draws everything that another policy may choose. */
export async function readLoggedMoments(client: ClickHouseClient, limit: number): Promise<LoggedMoment[]> {
  const moments: LoggedMoment[] = [];
  let after = '';
  for (let rows = pageRows; rows === pageRows && moments.length < limit; ) {
    const page = await readRows<LoggedRow & { hash: string }>(client, query, { after: after || '-1', rows: Math.min(pageRows, limit - moments.length) });
    moments.push(...page.flatMap((row) => momentOf(row) ?? []));
    rows = page.length;
    after = page.at(-1)?.hash ?? after;
  }
  return moments;
}

/** The reward of an unknown campaign is not 0, it is unknown. */
const query = `
SELECT toString(cityHash64(d.decision_id)) AS hash, d.client_id AS "clientId", toString(d.arm) AS arm, d.propensity AS propensity, o.reward_minor AS "rewardMinor",
  JSONExtractRaw(d.record, 'considered') AS considered
FROM decisions AS d INNER JOIN latest_outcomes AS o ON o.offer_id = d.offer_id
WHERE d.outcome = 'offer' AND d.arm = 'random' AND o.objective != '' AND o.known_at <= (SELECT max(closed_at) FROM outcomes) AND toInt128(cityHash64(d.decision_id)) > toInt128({after:String})
ORDER BY cityHash64(d.decision_id) LIMIT {rows:UInt32}`;
