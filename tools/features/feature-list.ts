import { featureDefinitions, featuresVersion } from '@sp/features';

/** The vector's definition as a table, in its order. */
export function featureList(): string {
  const rows = featureDefinitions.map(({ name, type, group, missing }, place) => `| ${place + 1} | ${name} | ${type} | ${group} | ${missing ?? ''} |`);
  return [`${featuresVersion}: ${featureDefinitions.length} features`, '', '| | feature | type | state | missing when |', '| --- | --- | --- | --- | --- |', ...rows, ''].join('\n');
}
