import type { DataHealth } from '@sp/contracts';
import { Card } from '../parts/card';
import { formatCount, formatPercent, formatRate } from '../words/numbers';
import { formatAge, formatMoment } from '../words/time';

export interface StreamsCardProps {
  readonly health: DataHealth | undefined;
  readonly problem: string | undefined;
}

/** Each type of event: how fast it comes, how far its time has come, and how much of it comes late. */
export function StreamsCard({ health, problem }: StreamsCardProps) {
  return (
    <Card title="Streams" note="By type of event, since ingest was started; times are the events’ own, in UTC; late is what is twice as far behind as three of four events of its source" aside={<DoorState health={health} />} className="lg:col-span-2">
      <div className="overflow-x-auto">
        <table className="table min-w-[44rem]">
          <thead>
            <tr>
              <th scope="col">Type</th>
              <th scope="col" className="text-right">A second</th>
              <th scope="col" className="text-right">Accepted</th>
              <th scope="col">Watermark</th>
              <th scope="col" className="text-right">Behind</th>
              <th scope="col" className="text-right">Late</th>
              <th scope="col" className="text-right">Mean lateness</th>
            </tr>
          </thead>
          <tbody>
            {health?.streams.map(({ type, perSecond, accepted, watermarkMs, late, meanLatenessSeconds }) => (
              <tr key={type}>
                <th scope="row" className="font-normal">{type}</th>
                <td className="text-right">{perSecond === undefined ? '–' : formatRate(perSecond)}</td>
                <td className="text-right">{formatCount(accepted)}</td>
                <td className="whitespace-nowrap">{formatMoment(watermarkMs)}</td>
                <td className="text-right text-quiet">{formatAge((health.watermarkMs ?? watermarkMs) - watermarkMs)}</td>
                <td className="text-right">{formatPercent(accepted === 0 ? 0 : late / accepted)}</td>
                <td className="text-right text-quiet">{meanLatenessSeconds === undefined ? '–' : formatAge(1000 * meanLatenessSeconds)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="px-5 py-4 text-quiet">{problem ?? sentenceOf(health)}</p>
    </Card>
  );
}

function sentenceOf(health: DataHealth | undefined): string {
  if (!health) return '';
  return `${formatCount(health.accepted)} accepted, ${formatCount(health.duplicates)} known already, ${formatCount(health.refused)} refused.`;
}

function DoorState({ health }: { readonly health: DataHealth | undefined }) {
  if (!health) return null;
  const closed = health.isDoorClosed || !health.isReachable;
  return (
    <span className="pill" data-tone={closed ? 'warn' : 'good'}>
      <span aria-hidden="true" className="dot" />
      {health.isReachable ? (health.isDoorClosed ? 'The door is closed: the line is behind' : 'The door is open') : 'Ingest does not answer'}
    </span>
  );
}
