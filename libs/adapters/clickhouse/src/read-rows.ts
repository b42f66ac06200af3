import type { ClickHouseClient } from '@clickhouse/client';

/** The rows of a query; the caller names their type, and passes values as parameters (`{name:Type}`), never inside the text. */
export async function readRows<Row>(client: ClickHouseClient, query: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<Row[]> {
  const result = await client.query({ query, format: 'JSONEachRow', query_params: { ...parameters } });
  return result.json<Row>();
}
