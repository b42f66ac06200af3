import type { FeatureParity, ParityReport } from '@sp/clickhouse';

/** All is well only if something was compared, and all of it agreed. */
export function isParity({ compared, features, notFound }: ParityReport): boolean {
  return compared > 0 && notFound.length === 0 && features.every(({ differing }) => differing === 0);
}

/** A table by feature, what could not be compared and why, and the verdict. */
export function parityText(report: ParityReport): string {
  const { compared, clients, features, notFound, ofOtherVersions, begunLate } = report;
  const width = Math.max(...features.map(({ feature }) => feature.length));
  const lines = [
    `${'feature'.padEnd(width)}  type     known    values   differing`,
    ...features.map((row) => rowText(row, width)),
    '',
    `compared  ${compared} decisions of ${clients} clients; integers and flags exactly, reals within 1e-9 of their size`,
    ...(ofOtherVersions > 0 ? [`left out  ${ofOtherVersions} decisions of another features version`] : []),
    ...(notFound.length > 0 ? [`not found ${notFound.length} decisions whose moment is not among the stored inputs: erased since, past retention, or the sink is behind (${notFound.slice(0, 3).join(', ')})`] : []),
    ...(begunLate.length > 0 ? [`caution   partitions ${begunLate.join(', ')} had events before inputs were stored: clients of that time differ by what they did then`] : []),
    isParity(report) ? 'parity    online and recomputed vectors are the same' : compared === 0 ? 'no parity: nothing could be compared' : 'no parity: see the table',
  ];
  return `${lines.join('\n')}\n`;
}

function rowText({ feature, type, known, values, differing, example }: FeatureParity, width: number): string {
  const many = values.size >= 100 ? '100+' : String(values.size);
  const shown = example ? `  ${example.decisionId}: online ${example.online}, recomputed ${example.recomputed}` : '';
  return `${feature.padEnd(width)}  ${type.padEnd(7)}${String(known).padStart(7)}${many.padStart(10)}${String(differing).padStart(12)}${shown}`;
}
