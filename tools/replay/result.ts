import { setTimeout as delay } from 'node:timers/promises';
import { connectClickHouse, readRows, type ClickHouseClient } from '@sp/clickhouse';

const pollMs = 2000;
/** Longer than any sink gathers its rows. */
const stillPolls = 4;

export interface ResultOptions {
  readonly clickhouseUrl: string;
  readonly provenance?: string | undefined;
  readonly isStopped: () => boolean;
  readonly patienceMs?: number;
}

/** What the line made of the replay, from its facts; waits until they stand still, since the line works on after the last answer. */
export async function lineResult({ clickhouseUrl, provenance, isStopped, patienceMs = 300_000 }: ResultOptions): Promise<string> {
  const client = connectClickHouse(clickhouseUrl);
  try {
    const isStill = await standsStill(client, isStopped, patienceMs);
    const parts = [await decisionsPart(client), await offersPart(client), await redemptionsPart(client)];
    const caution = `result      ${provenance ? `${provenance}; ` : ''}nobody of them was told of our offers: a redemption is a purchase that met the terms by itself`;
    return [caution, ...(isStill ? [] : ['result      the line is still at work: these figures will grow']), ...parts.flat(), ''].join('\n');
  } finally {
    await client.close();
  }
}

async function standsStill(client: ClickHouseClient, isStopped: () => boolean, patienceMs: number): Promise<boolean> {
  const giveUpAtMs = Date.now() + patienceMs;
  let [last, same] = ['', 0];
  while (Date.now() < giveUpAtMs && !isStopped()) {
    const counts = JSON.stringify(await readRows(client, 'SELECT (SELECT count() FROM transactions), (SELECT count() FROM decisions), (SELECT count() FROM latest_outcomes)'));
    same = counts === last ? same + 1 : 0;
    if (same === stillPolls) return true;
    last = counts;
    await delay(pollMs);
  }
  return false;
}

async function decisionsPart(client: ClickHouseClient): Promise<string[]> {
  const rows = await readRows<{ arm: string; outcome: string; n: number }>(client, 'SELECT arm, outcome, count() AS n FROM decisions GROUP BY arm, outcome ORDER BY arm, outcome');
  const byArm = new Map<string, string[]>();
  for (const { arm, outcome, n } of rows) byArm.set(arm, [...(byArm.get(arm) ?? []), `${outcome} ${count(n)}`]);
  return ['decisions   by arm and outcome', ...[...byArm].map(([arm, outcomes]) => `  ${arm.padEnd(10)} ${outcomes.join(', ')}`), ...none(rows)];
}

async function offersPart(client: ClickHouseClient): Promise<string[]> {
  const query = 'SELECT scenario, countIf(ghost = 0) AS delivered, countIf(ghost = 1) AS ghosts FROM offers GROUP BY scenario ORDER BY scenario';
  const rows = await readRows<{ scenario: string; delivered: number; ghosts: number }>(client, query);
  return ['offers      by scenario', ...rows.map(({ scenario, delivered, ghosts }) => `  ${scenario.padEnd(10)} delivered ${count(delivered)}, ghosts ${count(ghosts)}`), ...none(rows)];
}

async function redemptionsPart(client: ClickHouseClient): Promise<string[]> {
  const query = 'SELECT arm, ghost, count() AS n, countIf(redeemed = 1) AS redeemed, countIf(viewed = 1) AS viewed FROM latest_outcomes GROUP BY arm, ghost ORDER BY arm, ghost';
  const rows = await readRows<{ arm: string; ghost: number; n: number; redeemed: number; viewed: number }>(client, query);
  const line = ({ arm, ghost, n, redeemed, viewed }: (typeof rows)[number]): string =>
    `  ${arm.padEnd(10)} ${count(redeemed)} of n ${count(n)} (${((100 * redeemed) / n).toFixed(2)} %), viewed ${count(viewed)}${ghost === 1 ? '; ghosts: nothing was delivered' : ''}`;
  return ['redemptions by arm, of offers whose outcome is known', ...rows.map(line), ...none(rows)];
}

function none(rows: readonly unknown[]): string[] {
  return rows.length === 0 ? ['  none'] : [];
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
