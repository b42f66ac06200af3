/** `npm run ope`: what would another policy have earned, from the logged decisions and their propensities; docs/feedback.md says how. */
import { connectClickHouse, readLoggedMoments } from '@sp/clickhouse';
import { alwaysModel, campaignsOfferedMost, constantCampaign, judgePolicy, maximumWeight, randomPolicy, rulesPolicy, wilsonInterval, type LoggedMoment, type PolicyEstimate } from '@sp/experiments';
import { readPairFeature } from '@sp/offers';
import { Refusal } from '@sp/testing';
import { parseArgs } from 'node:util';
import { measureCoverage, type Coverage } from './ope/coverage';

const usage = `npm run ope -- --clickhouse URL [--limit 20000] [--json]
  What the policies model, rules, random, and each of the campaigns offered most would have earned, from the offers of the random arm.
npm run ope -- --coverage [--seeds 1000] [--moments 1000]
  How often the 95 % intervals hold the truth, on small simulated logs whose truth is known.`;
const shownCampaigns = 3;

async function main(): Promise<void> {
  const { values } = parse();
  if (values.coverage) return void process.stdout.write(coverageText(measureCoverage(count(values.seeds), count(values.moments))));
  const url = values.clickhouse ?? process.env['CLICKHOUSE_URL'];
  if (!url) throw new Refusal(`Say --clickhouse.\n${usage}`);
  const client = connectClickHouse(url);
  try {
    const moments = await readLoggedMoments(client, count(values.limit));
    if (moments.length < 2) throw new Refusal('No offer is there whose time is over and whose campaign was known.');
    const estimates = [randomPolicy, rulesPolicy(readPairFeature), alwaysModel, ...campaignsOfferedMost(moments, shownCampaigns).map(constantCampaign)].flatMap((policy) => judgePolicy(moments, policy) ?? []);
    process.stdout.write(values.json ? `${JSON.stringify(estimates, null, 2)}\n` : estimatesText(moments, estimates));
  } finally {
    await client.close();
  }
}

function parse() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      options: {
        clickhouse: text, limit: { ...text, default: '20000' }, json: flag, coverage: flag, seeds: { ...text, default: '1000' }, moments: { ...text, default: '1000' },
      },
    });
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\n${usage}`, { cause: error });
  }
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 2) throw new Refusal(`${text} is no whole number above 1.\n${usage}`);
  return number;
}

function estimatesText(moments: readonly LoggedMoment[], estimates: readonly PolicyEstimate[]): string {
  const earned = moments.reduce((sum, { rewardMinor }) => sum + rewardMinor, 0) / moments.length;
  const clipped = Math.max(...estimates.map(({ dr }) => dr.clippedShare));
  const rows = estimates.map(({ policy, moments: judged, offeredShare, ips, snips, dr }) => [policy, String(judged), `${(100 * offeredShare).toFixed(0)} %`, shown(dr), shown(snips), shown(ips), dr.effectiveRows.toFixed(0)]);
  return `${moments.length} moments with an offer, which earned ${earned.toFixed(2)} each: margin after the discount, minor units, by the campaign's objective; no offer earns 0.
From the random arm, which may draw whatever another policy may choose. 95 % intervals take moments as independent. Weights above ${maximumWeight} are cut: ${(100 * clipped).toFixed(1)} % of the moments at most.

${table([['policy', 'moments', 'offers', 'doubly robust', 'self-normalised', 'inverse propensity', 'effective rows'], ...rows])}`;
}

function shown({ value, low, high }: { value: number; low: number; high: number }): string {
  return `${value.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
}

function coverageText(found: readonly Coverage[]): string {
  const rows = found.map(({ policy, estimator, truthMinor, meanMinor, covered, seeds }) => {
    const interval = wilsonInterval(covered, seeds, 0.95);
    const range = interval.known ? ` [${(100 * interval.low).toFixed(1)}, ${(100 * interval.high).toFixed(1)}]` : '';
    return [policy, estimator, truthMinor.toFixed(2), meanMinor.toFixed(2), `${((100 * covered) / seeds).toFixed(1)} %${range}`];
  });
  return `${found[0]?.seeds} simulated logs; the truth of each policy is known. How often the 95 % interval holds it:\n\n${table([['policy', 'estimator', 'truth', 'mean estimate', 'coverage'], ...rows])}`;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return `${rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd()).join('\n')}\n`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Refusal ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
