import type { IncrementalGrouping, IncrementalRow } from '@sp/contracts';
import { Card } from '../parts/card';
import { formatP } from '../words/experiments';
import { formatMoney } from '../words/money';
import { formatCount } from '../words/numbers';
import { FigureInWords } from './figure-in-words';

const groupingWords: Readonly<Record<IncrementalGrouping, string>> = { all: 'All offers', objective: 'Objective', scenario: 'Moment', segment: 'Segment', campaign: 'Campaign' };

interface IncrementalCardProps {
  readonly rows: readonly IncrementalRow[];
  readonly currency: string;
  readonly asked: boolean;
}

/** What the model's offers earned beyond what the same choice earned where it was not offered. */
export function IncrementalCard({ rows, currency, asked }: IncrementalCardProps) {
  const money = (minor: number): string => formatMoney(minor, currency);
  const purchases = (value: number): string => value.toFixed(3).replace('-', '\u2212');
  return (
    <Card title="What would not have come anyhow" note="The model arm’s offers against the holdout’s ghosts, which the same policy chose and nobody saw: margin after the discount, and purchases at the merchant in the offer’s time. 95 % intervals by clients; p-values corrected over all groups (Holm)">
      <div className="relative overflow-x-auto">
        <table className="table min-w-[60rem]">
          <thead>
            <tr>
              <th scope="col">Group</th>
              <th scope="col" className="text-right">Offers</th>
              <th scope="col" className="text-right">Ghosts</th>
              <th scope="col">Earned an offer</th>
              <th scope="col">Came anyhow, a ghost</th>
              <th scope="col">Incremental an offer</th>
              <th scope="col">Purchases added an offer</th>
              <th scope="col" className="text-right">p, corrected</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ grouping, group, offers, ghosts, rewardAnOfferMinor, rewardAGhostMinor, incrementalMinor, incrementalPurchases, adjustedP }) => (
              <tr key={`${grouping}/${group}`}>
                <th scope="row" className="font-normal">
                  {group === '' ? groupingWords[grouping] : group}
                  {group !== '' && <span className="label block">{groupingWords[grouping]}</span>}
                </th>
                <td className="text-right">{formatCount(offers)}</td>
                <td className="text-right">{formatCount(ghosts)}</td>
                <td><FigureInWords figure={rewardAnOfferMinor} said={money} /></td>
                <td><FigureInWords figure={rewardAGhostMinor} said={money} /></td>
                <td><FigureInWords figure={incrementalMinor} said={money} /></td>
                <td><FigureInWords figure={incrementalPurchases} said={purchases} /></td>
                <td className="text-right">{formatP(adjustedP)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="px-5 py-4 text-quiet">{asked && rows.length === 0 ? 'No offer of the model arm is there yet whose time is over.' : ''}</p>
    </Card>
  );
}
