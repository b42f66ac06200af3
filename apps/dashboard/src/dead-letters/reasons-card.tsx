import type { DeadLetterReason } from '@sp/contracts';
import { Card } from '../parts/card';
import { refusalInWords } from '../words/dead-letters';
import { formatCount } from '../words/numbers';

export interface ReasonsCardProps {
  readonly reasons: readonly DeadLetterReason[] | undefined;
  readonly problem: string | undefined;
  readonly chosen: string | undefined;
  readonly onChoose: (reason: string | undefined) => void;
}

/** How many were refused for which reason; a reason chosen narrows the list beside it, chosen again it no longer does. */
export function ReasonsCard({ reasons, problem, chosen, onChoose }: ReasonsCardProps) {
  return (
    <Card title="Refused events by reason" note="Choose one to see only its letters">
      <div className="overflow-x-auto">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Reason</th>
              <th scope="col" className="text-right">Open</th>
              <th scope="col" className="text-right">Replayed</th>
              <th scope="col" className="text-right">Dropped</th>
            </tr>
          </thead>
          <tbody>
            {reasons?.map(({ reason, open, replayed, dropped }) => (
              <tr key={reason} className={reason === chosen ? 'bg-faint' : ''}>
                <th scope="row" className="font-normal">
                  <button type="button" aria-pressed={reason === chosen} className="text-left underline decoration-line underline-offset-3 hover:decoration-current" onClick={() => onChoose(reason === chosen ? undefined : reason)}>
                    {refusalInWords(reason)}
                  </button>
                </th>
                {[open, replayed, dropped].map((count, column) => (
                  <td key={column} className={`text-right ${column === 0 ? '' : 'text-quiet'}`}>{formatCount(count)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="px-5 py-4 text-quiet">{problem ?? (reasons?.length === 0 ? 'Nothing was refused.' : '')}</p>
    </Card>
  );
}
