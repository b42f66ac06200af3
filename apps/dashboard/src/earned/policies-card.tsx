import type { OffPolicyFigures } from '@sp/contracts';
import { Card } from '../parts/card';
import { IntervalBar } from '../parts/interval-bar';
import { formatMoney } from '../words/money';
import { formatCount, formatPercent } from '../words/numbers';
import { FigureInWords } from './figure-in-words';

interface PoliciesCardProps {
  readonly offPolicy: OffPolicyFigures | undefined;
  readonly currency: string;
  readonly asked: boolean;
}

const names: Readonly<Record<string, string>> = { model: 'Model: the best expected value', rules: 'Rules: most used category and merchant, highest discount', random: 'Random' };

/** Off-policy evaluation: three estimates of each policy, from the log of the random arm and its known probabilities. */
export function PoliciesCard({ offPolicy, currency, asked }: PoliciesCardProps) {
  const note = offPolicy
    ? `From ${formatCount(offPolicy.moments)} offers of the random arm whose time is over, which earned ${formatMoney(offPolicy.earnedAMomentMinor, currency)} each: margin after the discount a moment, 95 % intervals. Weights above ${formatCount(offPolicy.maximumWeight)} are cut.`
    : 'From offers of the random arm whose time is over';
  const figures = (offPolicy?.policies ?? []).flatMap(({ doublyRobust }) => (doublyRobust.known ? [doublyRobust.low, doublyRobust.high] : []));
  const [from, to] = [Math.min(0, ...figures), Math.max(0, ...figures)];
  const money = (minor: number): string => formatMoney(minor, currency);
  return (
    <Card title="What another policy would have earned" note={note}>
      <div className="relative overflow-x-auto">
        <table className="table min-w-[60rem]">
          <thead>
            <tr>
              <th scope="col">Policy</th>
              <th scope="col" className="text-right">Makes an offer</th>
              <th scope="col">Doubly robust</th>
              <th scope="col"><span className="sr-only">Interval</span></th>
              <th scope="col">Self-normalised</th>
              <th scope="col">Inverse propensity</th>
              <th scope="col" className="text-right" title="Offers that really speak for the policy; below some hundreds an interval is too narrow">Effective offers</th>
              <th scope="col" className="text-right">Cut</th>
            </tr>
          </thead>
          <tbody>
            {offPolicy?.policies.map(({ policy, offeredShare, doublyRobust, selfNormalised, inversePropensity, effectiveRows, clippedShare }) => (
              <tr key={policy}>
                <th scope="row" className="font-normal">{names[policy] ?? policy}</th>
                <td className="text-right">{formatPercent(offeredShare)}</td>
                <td><FigureInWords figure={doublyRobust} said={money} /></td>
                <td className="min-w-40">{doublyRobust.known && <IntervalBar {...doublyRobust} from={from} to={to} mark={0} tone={policy === 'model' ? 'good' : 'quiet'} />}</td>
                <td><FigureInWords figure={selfNormalised} said={money} /></td>
                <td><FigureInWords figure={inversePropensity} said={money} /></td>
                <td className="text-right">{formatCount(effectiveRows)}</td>
                <td className="text-right">{formatPercent(clippedShare)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="px-5 py-4 text-quiet">{asked && !offPolicy ? 'No offer of the random arm is there yet whose time is over.' : 'What would have come anyhow is in these figures, alike for policies that offer at the same moments; the table below takes it out.'}</p>
    </Card>
  );
}
