import { featuresVersion } from '@sp/features';
import { trainClusters } from '@sp/learning';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NamedRows } from './cluster-rows';

/** Trains, writes `<folder>/<kind>/<hash of the text>.json` with its card inside, and says what came out. */
export function saveClusters(folder: string, { names, ...rows }: NamedRows, { seed, provenance }: { readonly seed: number; readonly provenance: string }): string {
  const { model, assigned, tried } = trainClusters(rows, seed);
  const members = rows.kind === 'merchant-clusters' ? { members: Object.fromEntries(names.map((name, row) => [name, assigned[row]])) } : {};
  const card = { trainedAt: new Date().toISOString(), rows: rows.rows.length, seed, provenance, criterion: 'largest simplified silhouette with every share at least 1 %', tried, ...(rows.kind === 'client-clusters' && { features: featuresVersion }) };
  const text = `${JSON.stringify({ model, ...members, card }, null, 1)}\n`;
  const version = createHash('sha256').update(text).digest('hex').slice(0, 12);
  mkdirSync(join(folder, rows.kind), { recursive: true });
  writeFileSync(join(folder, rows.kind, `${version}.json`), text);
  const lines = tried.map(({ clusters, silhouette, smallestShare }) => `  ${clusters} groups: silhouette ${silhouette.toFixed(3)}, smallest ${(100 * smallestShare).toFixed(1)} %${clusters === model.centres.length ? '  <- taken' : ''}`);
  return [`${rows.kind} ${version}: ${rows.rows.length} rows, ${model.columns.length} columns, ${model.centres.length} groups of ${model.shares.map((share) => `${(100 * share).toFixed(0)} %`).join(', ')}`, ...lines, ''].join('\n');
}
