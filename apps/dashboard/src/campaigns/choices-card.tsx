import type { ArmChoices } from '@sp/contracts';
import { useAnswer } from '../live/use-answer';
import { Card } from '../parts/card';
import { formatCount, formatPercent } from '../words/numbers';

const everyMs = 10_000;

/** Coverage, repetition and exploration, by arm. */
export function ChoicesCard({ running }: { readonly running: number }) {
  const { data, problem } = useAnswer<readonly ArmChoices[]>('v1/choices', everyMs);
  return (
    <Card title="Choices" note="Of the last four weeks: how many of the running campaigns were ever chosen, how often where the client buys already, and how often by lot">
      <div className="relative overflow-x-auto">
        <table className="table min-w-[32rem]">
          <thead>
            <tr>
              <th scope="col">Arm</th>
              <th scope="col" className="text-right">Choices</th>
              <th scope="col" className="text-right">Campaigns</th>
              <th scope="col" className="text-right">Repeat</th>
              <th scope="col" className="text-right">Explored</th>
            </tr>
          </thead>
          <tbody>
            {data?.map(({ arm, choices, campaigns, repeatShare, explorationShare }) => (
              <tr key={arm}>
                <th scope="row" className="font-normal">{arm}</th>
                <td className="text-right">{formatCount(choices)}</td>
                <td className="text-right">{formatCount(campaigns)} of {formatCount(Math.max(running, campaigns))}</td>
                <td className="text-right">{formatPercent(repeatShare)}</td>
                <td className="text-right">{formatPercent(explorationShare)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className="px-5 py-4 text-quiet empty:hidden">{problem ?? (data?.length === 0 ? 'Nothing has been chosen yet.' : '')}</p>
      </div>
    </Card>
  );
}
