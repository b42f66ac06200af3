import { useLive } from '../live/live-store';
import { Card } from '../parts/card';
import { formatRate } from '../words/numbers';
import { LineStages } from './line-stages';
import { RateChart } from './rate-chart';

/** The way of the data: how much comes in, and whether a stage falls behind. */
export function LineCard() {
  const { overview, rates } = useLive();
  const current = overview?.eventsPerSecond;
  return (
    <Card
      title="The line"
      note="Events accepted a second, last five minutes"
      aside={
        <p className="tabular-nums sm:text-right">
          <span className="text-2xl font-semibold tracking-tight">{current === undefined ? '–' : formatRate(current)}</span>
          <span className="label block">a second, over the last minute</span>
        </p>
      }
    >
      <RateChart rates={rates} />
      <LineStages stages={overview?.stages ?? []} />
    </Card>
  );
}
