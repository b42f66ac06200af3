import { createHash } from 'node:crypto';
import type { Examples } from '@sp/learning';

/** What a card cites as its data: sha256 over the names, the values, the labels and the times. */
export function hashExamples(examples: Examples, featureNames: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(featureNames));
  for (const values of [examples.features, examples.labels, examples.timesMs]) hash.update(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  return hash.digest('hex');
}
