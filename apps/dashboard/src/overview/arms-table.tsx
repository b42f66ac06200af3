import type { ArmPolicy, Experiment, ExperimentArm } from '@sp/contracts';
import { armWords } from '../words/decisions';
import { formatMoney } from '../words/money';
import { formatChange, formatCount, formatPercent } from '../words/numbers';
import { verdictWords } from '../words/verdicts';
import { FigureCell } from './figure-cell';
import { scaleOf } from './figure-scale';

/** Always four rows in this order, so that nothing moves when the first figures arrive. */
const order: readonly ArmPolicy[] = ['holdout', 'random', 'rules', 'model'];

export function ArmsTable({ experiment }: { readonly experiment?: Experiment }) {
  const arms = experiment?.arms ?? [];
  const money = (minor: number): string => (experiment ? formatMoney(minor, experiment.currency) : '');
  const scales = { accepted: scaleOf(arms.map((arm) => arm.acceptance), 0), redeemed: scaleOf(arms.map((arm) => arm.redemption), 0), spend: scaleOf(arms.map((arm) => arm.spendPerClientMinor)), lift: scaleOf(arms.map((arm) => arm.lift), 0) };
  return (
    <div className="relative overflow-x-auto" role="region" aria-label="Arms of the experiment" tabIndex={0}>
      <table className="table min-w-[68rem] table-fixed">
        <thead>
          <tr>
            <th scope="col" className="w-44">Arm</th>
            <th scope="col" className="w-24 text-right">Clients</th>
            <th scope="col" className="w-36 text-right">Offers</th>
            <th scope="col">Accepted</th>
            <th scope="col">Redeemed</th>
            <th scope="col">Spend a client</th>
            <th scope="col">Against the holdout</th>
            <th scope="col" className="w-52">Verdict</th>
          </tr>
        </thead>
        <tbody>
          {order.map((policy) => {
            const arm = arms.find((candidate) => candidate.arm === policy);
            return (
              <tr key={policy} className="h-[4.9rem]">
                <th scope="row">
                  {armWords[policy].name}
                  <span className="label block font-normal">{armWords[policy].what}</span>
                </th>
                <td className="text-right">{arm ? formatCount(arm.clients) : '–'}</td>
                <Offers arm={arm} />
                <FigureCell figure={arm?.acceptance} format={formatPercent} scale={scales.accepted} of="offers" absent={policy === 'holdout' ? 'nothing to accept' : ''} />
                <FigureCell figure={arm?.redemption} format={formatPercent} scale={scales.redeemed} of="offers" />
                <FigureCell figure={arm?.spendPerClientMinor} format={money} scale={scales.spend} />
                <FigureCell figure={arm?.lift} format={formatChange} scale={scales.lift} mark={0} tone={toneOf(arm)} absent={policy === 'holdout' ? 'the baseline' : ''} />
                <td>{arm?.verdict && <Verdict arm={arm} />}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Offers({ arm }: { readonly arm: ExperimentArm | undefined }) {
  return (
    <td className="text-right">
      {arm?.arm === 'holdout' && <span className="text-xs text-quiet">would-be </span>}
      {arm ? formatCount(arm.offers) : '–'}
      {arm && <span className="label block whitespace-nowrap">{formatCount(arm.exposedClients)} clients</span>}
    </td>
  );
}

function Verdict({ arm }: { readonly arm: ExperimentArm }) {
  const { words, tone } = verdictWords[arm.verdict ?? 'no-figure'];
  return (
    <span className="pill" data-tone={tone}>
      {words}
    </span>
  );
}

function toneOf(arm: ExperimentArm | undefined): 'good' | 'bad' | 'quiet' {
  const tone = arm?.verdict && verdictWords[arm.verdict].tone;
  return tone === 'good' || tone === 'bad' ? tone : 'quiet';
}
