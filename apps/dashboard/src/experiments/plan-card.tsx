import type { ExperimentDetail, OwnExperiment } from '@sp/contracts';
import { Card } from '../parts/card';
import { armWords } from '../words/decisions';
import { metricWords } from '../words/experiments';
import { formatCount, formatPercent } from '../words/numbers';
import { OrderForm } from './order-form';

const guardWords = { kept: 'harm is ruled out', open: 'not decided yet', broken: 'HARM IS PROVEN' } as const;

/** What was planned, what has become of it, and its start or stop. */
export function PlanCard({ own, detail }: { readonly own: OwnExperiment; readonly detail?: ExperimentDetail }) {
  const clients = detail?.experiment.arms.reduce((sum, arm) => sum + arm.clients, 0) ?? 0;
  const weights = own.arms.reduce((sum, { weight }) => sum + weight, 0);
  return (
    <Card title="Plan against reality" note={own.hypothesis}>
      <div className="overflow-x-auto">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Arm</th>
              <th scope="col">Policy</th>
              <th scope="col" className="text-right">Planned</th>
              <th scope="col" className="text-right">So far</th>
              <th scope="col">Guardrails</th>
            </tr>
          </thead>
          <tbody>
            {own.arms.map(({ arm, policy, weight, explorationShare }) => {
              const count = detail?.experiment.arms.find((row) => row.arm === arm)?.clients ?? 0;
              return (
                <tr key={arm}>
                  <th scope="row">
                    {arm}
                    {arm === own.control && <span className="label block font-normal">the control</span>}
                  </th>
                  <td>
                    {armWords[policy].name}
                    {explorationShare !== undefined && `, trying out ${formatPercent(explorationShare)}`}
                  </td>
                  <td className="text-right">{formatPercent(weight / weights)}</td>
                  <td className="text-right">{clients === 0 ? '–' : `${formatPercent(count / clients)} (${formatCount(count)})`}</td>
                  <td>{(detail?.health.guardrails ?? []).filter((guard) => guard.arm === arm).map(({ metric, state }) => `${metricWords[metric].name}: ${guardWords[state]}`).join('; ')}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <p className="label border-t border-line px-5 py-3">
        {formatPercent(own.share)} of the {own.within} arm’s clients, {own.horizonDays} days, epoch {own.epoch}. {metricWords[own.metrics[0]!].name} decides. Declared by {own.declaredBy}
        {own.startedBy !== undefined && `, started by ${own.startedBy}`}
        {own.stoppedBy !== undefined && `, stopped by ${own.stoppedBy}`}.
      </p>
      {own.state !== 'stopped' && <OrderForm experimentId={own.experimentId} order={own.state === 'declared' ? 'start' : 'stop'} />}
    </Card>
  );
}
