import type { ExperimentDetail, ExperimentMetricName, Figure, MetricComparison } from '@sp/contracts';
import { armName } from '../words/decisions';
import { formatMetric, formatP, metricWords } from '../words/experiments';
import { formatChange, formatPercent } from '../words/numbers';
import { gapWords } from '../words/verdicts';

/** Metric by metric, arm by arm: how much, how sure at one look, how sure at every look. */
export function MetricTable({ detail }: { readonly detail: ExperimentDetail }) {
  const names = [...new Set(detail.metrics.map(({ metric }) => metric))];
  return (
    <div className="relative overflow-x-auto" role="region" aria-label="Metrics by arm" tabIndex={0}>
      <table className="table min-w-[68rem]">
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col">Arm</th>
            <th scope="col" className="text-right">Mean</th>
            <th scope="col">Difference, one look</th>
            <th scope="col">At every look</th>
            <th scope="col">Relative</th>
            <th scope="col" className="text-right">p</th>
            <th scope="col" className="text-right">p, corrected</th>
            <th scope="col" className="text-right">Chance to be higher</th>
          </tr>
        </thead>
        <tbody>{names.map((name) => <MetricRows key={name} name={name} detail={detail} />)}</tbody>
      </table>
    </div>
  );
}

function MetricRows({ name, detail }: { readonly name: ExperimentMetricName; readonly detail: ExperimentDetail }) {
  const rows = detail.metrics.filter(({ metric }) => metric === name);
  const format = (value: number): string => formatMetric(name, value, detail.experiment.currency);
  return rows.map((row, index) => (
    <tr key={row.arm}>
      {index === 0 && (
        <th scope="rowgroup" rowSpan={rows.length} className="w-48 align-top">
          {metricWords[name].name}
          <span className="label block font-normal">{metricWords[name].what}</span>
        </th>
      )}
      <td>{armName(row.arm)}</td>
      <td className="text-right">{row.mean.known ? format(row.mean.value) : gapWords[row.mean.reason]}</td>
      {row.arm === detail.experiment.control ? <td colSpan={6} className="text-quiet">the baseline</td> : <Against row={row} format={format} />}
    </tr>
  ));
}

function Against({ row, format }: { readonly row: MetricComparison; readonly format: (value: number) => string }) {
  return (
    <>
      <Between figure={row.difference} format={format} />
      <Between figure={row.alwaysValid} format={format} toned={row.metric !== 'opt-outs'} />
      <Between figure={row.relative} format={formatChange} />
      <td className="text-right">{formatP(row.p)}</td>
      <td className="text-right">{formatP(row.adjustedP)}</td>
      <td className="text-right">{row.chanceAbove === undefined ? '–' : formatPercent(row.chanceAbove)}</td>
    </>
  );
}

function Between({ figure, format, toned = false }: { readonly figure: Figure; readonly format: (value: number) => string; readonly toned?: boolean }) {
  if (!figure.known) return <td className="text-quiet">{gapWords[figure.reason]}</td>;
  const tone = !toned ? '' : figure.low > 0 ? 'text-good' : figure.high < 0 ? 'text-bad' : '';
  return (
    <td className={`whitespace-nowrap ${tone}`}>
      {format(figure.value)}
      <span className="label block">
        {format(figure.low)} … {format(figure.high)}
      </span>
    </td>
  );
}
