import type { ExperimentDetail } from '@sp/contracts';
import { Card } from '../parts/card';
import { armName } from '../words/decisions';
import { formatP } from '../words/experiments';
import { formatMoney } from '../words/money';
import { formatCount } from '../words/numbers';
import { gapWords } from '../words/verdicts';

/** Is it otherwise for some? The whole table is one family of comparisons, so that a chance find is not taken for one. */
export function SegmentsCard({ detail }: { readonly detail: ExperimentDetail }) {
  const { segments, segmentComparisons, experiment } = detail;
  return (
    <Card title="Spend by segment, against the segment’s control" note={`The bank’s own segments; p-values corrected over all ${formatCount(segmentComparisons)} comparisons (Holm)`}>
      <div className="overflow-x-auto">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Segment</th>
              <th scope="col">Arm</th>
              <th scope="col" className="text-right">Clients</th>
              <th scope="col">Difference a client</th>
              <th scope="col" className="text-right">p, corrected</th>
            </tr>
          </thead>
          <tbody>
            {segments.map(({ segment, arm, clients, difference, adjustedP }) => (
              <tr key={`${segment}/${arm}`}>
                <th scope="row" className="font-normal">{segment}</th>
                <td>{armName(arm)}</td>
                <td className="text-right">{formatCount(clients)}</td>
                <td>
                  {difference.known ? formatMoney(difference.value, experiment.currency) : <span className="text-quiet">{gapWords[difference.reason]}</span>}
                  {difference.known && <span className="label block whitespace-nowrap">{formatMoney(difference.low, experiment.currency)} … {formatMoney(difference.high, experiment.currency)}</span>}
                </td>
                <td className="text-right">{formatP(adjustedP)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {segments.length === 0 && <p className="px-5 pb-5 text-quiet">No segment is known of any client.</p>}
    </Card>
  );
}
