import { setTimeout as delay } from 'node:timers/promises';
import type { Experiments, Figure, Overview } from '@sp/contracts';

const pollMs = 2000;

/** What the line made of the replay, by its own monitor: waits until the figures stand still, for a while. */
export async function lineResult(monitorUrl: string, isStopped: () => boolean, patienceMs = 180_000): Promise<string> {
  const overview = await settledOverview(monitorUrl, isStopped, patienceMs);
  if (!overview) return 'result      monitor gives no figures\n';
  const experiments = await read<Experiments>(monitorUrl, '/v1/experiments');
  return [...decisionRows(overview), ...armRows(experiments), ''].join('\n');
}

/** The line works on after the last answer, and ClickHouse follows it: still means the same counts three times in a row. */
async function settledOverview(monitorUrl: string, isStopped: () => boolean, patienceMs: number): Promise<Overview | undefined> {
  const giveUpAtMs = Date.now() + patienceMs;
  let [last, latest, same] = ['', undefined as Overview | undefined, 0];
  while (Date.now() < giveUpAtMs && same < 3 && !isStopped()) {
    const overview = await read<Overview>(monitorUrl, '/v1/overview');
    const counts = JSON.stringify([overview?.newestEventMs, overview?.decisionsByOutcome, overview?.offersByScenario]);
    same = overview && counts === last && overview.freshness.state === 'current' ? same + 1 : 0;
    [last, latest] = [counts, overview ?? latest];
    await delay(pollMs);
  }
  return latest;
}

function decisionRows({ decisionsByOutcome, offersByScenario, freshness }: Overview): string[] {
  const byOutcome = decisionsByOutcome.map(({ outcome, reason, decisions }) => `  ${`${outcome} (${reason})`.padEnd(32)} ${count(decisions)}`);
  const byScenario = offersByScenario.map(({ scenario, offers }) => `  ${scenario.padEnd(32)} ${count(offers)}`);
  const stale = freshness.state === 'current' ? '' : ` (figures are ${freshness.state}: ${freshness.sentence ?? 'they may still grow'})`;
  return [`decisions   by outcome${stale}`, ...byOutcome, 'offers      by scenario', ...byScenario];
}

function armRows(experiments: Experiments | undefined): string[] {
  if (!experiments) return ['arms        monitor gives no figures'];
  return experiments.experiments.flatMap(({ experimentId, epoch, currency, arms }) => [
    `arms        ${experimentId}, epoch ${epoch} (money in minor units of ${currency})`,
    ...arms.map(
      ({ arm, clients, exposedClients, offers, redemption, spendPerClientMinor }) =>
        `  ${arm.padEnd(8)} ${count(clients)} clients, ${count(exposedClients)} exposed, ${count(offers)} offers; redeemed ${figure(redemption, 4)}; spend less discounts a client ${figure(spendPerClientMinor, 0)}`,
    ),
  ]);
}

function figure(value: Figure | undefined, decimals: number): string {
  if (!value) return '-';
  if (!value.known) return `unknown (${value.reason}, n ${value.n})`;
  return `${value.value.toFixed(decimals)} [${value.low.toFixed(decimals)}, ${value.high.toFixed(decimals)}] n ${count(value.n)}`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

async function read<T>(url: string, path: string): Promise<T | undefined> {
  try {
    const response = await fetch(new URL(path, url), { signal: AbortSignal.timeout(20_000) });
    return response.ok ? ((await response.json()) as T) : undefined;
  } catch {
    return undefined;
  }
}
