import { readInsightRows, readSources, type ClickHouseClient } from '@sp/clickhouse';
import { insightsOf, provenanceOf, type Insights } from '@sp/learning';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { insightPage } from './insight-page';

/** Writes `features.html` and `features.json` into the folder; answers what to tell. */
export async function writeReport(client: ClickHouseClient, folder: string, rows: number): Promise<{ readonly text: string; readonly rows: number }> {
  const provenance = provenanceOf(await readSources(client));
  const insights = insightsOf(await readInsightRows(client, rows));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'features.html'), insightPage(insights, provenance));
  await writeFile(join(folder, 'features.json'), `${JSON.stringify({ provenance, ...insights }, null, 1)}\n`);
  return { text: summary(insights, provenance, folder), rows: insights.rows };
}

function summary({ features, redundant, rows, of }: Insights, provenance: string, folder: string): string {
  const flagged = features.filter(({ flags }) => flags.length > 0);
  const strongest = features.filter(({ targetAuc }) => !Number.isNaN(targetAuc)).sort((a, b) => Math.abs(b.targetAuc - 0.5) - Math.abs(a.targetAuc - 0.5)).slice(0, 8);
  return [
    provenance,
    `${rows} rows: ${of}`,
    ...(strongest.length > 0 ? [`strongest alone (AUC): ${strongest.map(({ name, targetAuc }) => `${name} ${targetAuc.toFixed(3)}`).join(', ')}`] : []),
    ...flagged.map(({ name, flags }) => `  ${name}: ${flags.join('; ')}`),
    `${redundant.length} pairs say nearly the same`,
    `written: ${join(folder, 'features.html')}, ${join(folder, 'features.json')}`,
    '',
  ].join('\n');
}
