import type { ClickHouseClient } from '@clickhouse/client';
import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves when the server answers, and fails after the given time with the reason of the last try. */
export async function waitForClickHouse(client: ClickHouseClient, options: { readonly timeoutMs: number }): Promise<void> {
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    const result = await client.ping();
    if (result.success) return;
    if (Date.now() > deadline) throw new Error(`ClickHouse did not answer within ${options.timeoutMs / 1000} s: ${result.error.message}`);
    await sleep(100);
  }
}
