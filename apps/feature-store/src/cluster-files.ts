import type { ClusterModel } from '@sp/features';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const numbers = z.array(z.number());
const artefactSchema = z.object({
  model: z.object({ kind: z.enum(['client-clusters', 'merchant-clusters']), columns: z.array(z.string()), means: numbers, deviations: numbers, centres: z.array(numbers), shares: numbers }),
  /** Of merchants, who are assigned at training. */
  members: z.record(z.string(), z.number()).optional(),
  card: z.looseObject({ trainedAt: z.string(), rows: z.number(), seed: z.number(), provenance: z.string() }),
});

export type ClusterArtefact = Omit<z.infer<typeof artefactSchema>, 'card'> & { readonly card: z.infer<typeof artefactSchema>['card'] & { readonly kind: ClusterModel['kind']; readonly version: string } };

const safeVersion = /^[0-9a-f]{12}$/;

/** `<folder>/<kind>/<version>.json`, whose version is the hash of its text; or why it cannot be used. */
export function loadClusters(folder: string, kind: ClusterModel['kind'], version: string): ClusterArtefact | string {
  const path = join(folder, kind, `${version}.json`);
  if (!safeVersion.test(version) || !existsSync(path)) return `no ${kind} of version "${version}"`;
  const text = readFileSync(path, 'utf8');
  const found = createHash('sha256').update(text).digest('hex').slice(0, 12);
  if (found !== version) return `${kind} ${version} is damaged: its content is ${found}`;
  const parsed = artefactSchema.safeParse(JSON.parse(text));
  if (!parsed.success || parsed.data.model.kind !== kind) return `${kind} ${version} is no such artefact`;
  return { ...parsed.data, card: { ...parsed.data.card, kind, version } };
}

/** Those that can be used. */
export function listClusters(folder: string, kind: ClusterModel['kind']): ClusterArtefact[] {
  if (!existsSync(join(folder, kind))) return [];
  const versions = readdirSync(join(folder, kind)).flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -5)] : []));
  return versions.map((version) => loadClusters(folder, kind, version)).filter((one) => typeof one !== 'string');
}
