import type { CorrectionCount } from '@sp/contracts';
import { Card } from '../parts/card';
import { formatCount } from '../words/numbers';

export interface CorrectionsCardProps {
  readonly corrections: readonly CorrectionCount[] | undefined;
  readonly chosen: string | undefined;
  readonly onChoose: (rule: string | undefined) => void;
}

/** How often each rule was applied; a rule chosen narrows the list beside it, chosen again it no longer does. */
export function CorrectionsCard({ corrections, chosen, onChoose }: CorrectionsCardProps) {
  return (
    <Card title="Corrections by rule" note="Choose one to see only its events">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col" className="text-right">Times</th>
          </tr>
        </thead>
        <tbody>
          {corrections?.map(({ rule, meaning, count }) => (
            <tr key={rule} className={rule === chosen ? 'bg-faint' : ''}>
              <th scope="row" className="font-normal">
                <button type="button" aria-pressed={rule === chosen} className="text-left underline decoration-line underline-offset-3 hover:decoration-current" onClick={() => onChoose(rule === chosen ? undefined : rule)}>
                  {rule}
                </button>
                <p className="label mt-0.5">{meaning}</p>
              </th>
              <td className="text-right align-top">{formatCount(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="px-5 py-4 text-quiet">{corrections?.length === 0 ? 'Nothing was corrected.' : ''}</p>
    </Card>
  );
}
