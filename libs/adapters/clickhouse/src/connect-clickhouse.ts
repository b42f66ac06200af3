import type { ClickHouseClient } from '@clickhouse/client';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';

/**
 * A client of a ClickHouse server or of the embedded one: only the URL differs. The settings make an acknowledged block a
 * stored block, and a retried one (same token) no second one, not in a table and not in a view's target.
 */
export function connectClickHouse(url: string): ClickHouseClient {
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
  return createClient({
    url,
    // On loopback gzip costs more than the bytes that it saves.
    compression: { response: !isLoopback, request: !isLoopback },
    clickhouse_settings: {
      async_insert: 0,
      insert_deduplicate: 1,
      deduplicate_blocks_in_dependent_materialized_views: 1,
      // Counters and money stay under 2^53 here; quoted they would arrive as strings from one server version and as numbers from another.
      output_format_json_quote_64bit_integers: 0,
    },
    // The callers report their errors themselves.
    log: { level: ClickHouseLogLevel.OFF },
  });
}
