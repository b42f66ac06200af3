import type { ClickHouseClient } from '@sp/clickhouse';
import type { MerchantFigures } from '@sp/contracts';
import { proportionsDiffer } from '@sp/monitoring';
import { merchantRows, type MerchantRow } from './merchants.query';
import { newestEventMs } from './newest-event.query';

const dayMs = 86_400_000;

/** Each merchant's way from offer to payment in the newest days, beside his peers and his own past; the most offered first. */
export async function merchantFigures(client: ClickHouseClient, days: number): Promise<MerchantFigures[]> {
  const toMs = await newestEventMs(client);
  if (toMs === undefined) return [];
  const rows = await merchantRows(client, { beforeMs: toMs - 2 * days * dayMs, fromMs: toMs - days * dayMs, toMs });
  return rows.map((row) => figuresOf(row, rows));
}

function figuresOf({ pastOffers, pastRedeemed, ...row }: MerchantRow, rows: readonly MerchantRow[]): MerchantFigures {
  const others = rows.filter(({ merchantId, mcc }) => mcc === row.mcc && mcc > 0 && merchantId !== row.merchantId);
  const peers = { merchants: others.length, offers: sum(others.map(({ offers }) => offers)), redeemed: sum(others.map(({ redeemed }) => redeemed)) };
  const past = { offers: pastOffers, redeemed: pastRedeemed };
  const [pPeers, pPast] = [peers, past].map((than) => proportionsDiffer({ of: row.offers, hits: row.redeemed }, { of: than.offers, hits: than.redeemed }));
  return { ...row, past, peers, ...(pPeers !== undefined && { pPeers }), ...(pPast !== undefined && { pPast }) };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
