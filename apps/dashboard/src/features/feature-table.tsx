import type { FeatureReportRow } from '@sp/contracts';
import { formatPercent, formatValue } from '../words/numbers';
import { Histogram } from './histogram';

/** One row a feature, on a common set of columns. */
export function FeatureTable({ features }: { readonly features: readonly FeatureReportRow[] }) {
  return (
    <div className="relative overflow-x-auto">
      <table className="table min-w-[76rem]">
        <thead>
          <tr>
            <th scope="col">Feature</th>
            <th scope="col">Distribution</th>
            <th scope="col" className="text-right">Missing</th>
            <th scope="col" className="text-right">Least</th>
            <th scope="col" className="text-right">Median</th>
            <th scope="col" className="text-right">Greatest</th>
            <th scope="col" className="text-right">Mean</th>
            <th scope="col" className="text-right">Deviation</th>
            <th scope="col" className="text-right">r with redeemed</th>
            <th scope="col" className="text-right">AUC alone</th>
            <th scope="col">Closest feature</th>
          </tr>
        </thead>
        <tbody>
          {features.map((feature) => (
            <FeatureRow key={feature.name} feature={feature} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function FeatureRow({ feature }: { readonly feature: FeatureReportRow }) {
  const { name, group, type, histogram, quantiles, missingShare, missingWhen, minimum, maximum, mean, deviation, targetCorrelation, targetAuc, closest, flags } = feature;
  return (
    <tr>
      <th scope="row" className="font-normal">
        {name}
        <p className="label">
          {group}, {type}
        </p>
        <span className="mt-1 flex flex-wrap gap-1 empty:hidden">
          {flags.map((flag) => (
            <span key={flag} className="pill" data-tone="warn" title={flag}>
              {flag.split(':')[0]}
            </span>
          ))}
        </span>
      </th>
      <td>
        <Histogram counts={histogram} name={name} from={formatValue(quantiles[0])} to={formatValue(quantiles.at(-1))} />
      </td>
      <td className="text-right whitespace-nowrap" title={missingWhen === undefined ? undefined : `Missing: ${missingWhen}`}>
        {missingShare === null ? '–' : formatPercent(missingShare)}
      </td>
      {[minimum, quantiles[3], maximum, mean, deviation].map((value, column) => (
        <td key={column} className="text-right">
          {formatValue(value)}
        </td>
      ))}
      <td className="text-right">{fixed(targetCorrelation)}</td>
      <td className="text-right">{fixed(targetAuc)}</td>
      <td>{closest && <span className="whitespace-nowrap">{closest.name} <span className="text-quiet">{fixed(closest.r)}</span></span>}</td>
    </tr>
  );
}

function fixed(value: number | null): string {
  return value === null ? '–' : value.toFixed(2).replace('-', '\u2212');
}
