import { readRows, type ClickHouseClient } from '@sp/clickhouse';
import type { IncidentEntry } from '@sp/monitoring';

export const paritySignal = 'parity:features';

interface Check {
  readonly checkedAtMs: number;
  readonly differing: number;
}

/**
 * The feature store's own checks whether stored vectors equal those computed again: one that finds a difference is an incident, the next one
 * without any is its end. A check bears the wall clock's time; the book's is the data's, so `atMs` is the caller's.
 */
export class ParityWatch {
  private toldUntilMs = 0;

  constructor(private readonly client: ClickHouseClient) {}

  /** What the newest check changes; undefined where there is no newer one than was told, or it says the same. */
  async next(isFiring: boolean, atMs: number): Promise<IncidentEntry | undefined> {
    const check = await newestCheck(this.client);
    if (!check || check.checkedAtMs <= this.toldUntilMs) return undefined;
    this.toldUntilMs = check.checkedAtMs;
    if (check.differing > 0 === isFiring) return undefined;
    return { kind: isFiring ? 'recovered' : 'detected', signal: paritySignal, group: paritySignal, atMs: atMs || check.checkedAtMs, noData: false, direction: 'high', count: check.differing, expected: 0 };
  }
}

async function newestCheck(client: ClickHouseClient): Promise<Check | undefined> {
  const [check] = await readRows<Check>(client, 'SELECT toUnixTimestamp64Milli(checked_at) AS "checkedAtMs", differing FROM feature_parity ORDER BY checked_at DESC LIMIT 1');
  return check;
}
