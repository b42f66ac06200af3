import type { Experiment } from '@sp/contracts';
import { useLive } from '../live/live-store';
import { Card } from '../parts/card';
import { formatPercent } from '../words/numbers';
import { formatInstant } from '../words/time';
import { summaryOf } from '../words/verdicts';
import { ArmsTable } from './arms-table';

/** Do the offers earn more than no offers? */
export function ArmsCard() {
  const { experiments } = useLive();
  const running = (experiments?.experiments ?? []).filter(({ own }) => own === undefined);
  if (running.length === 0) {
    return (
      <Card title="What the offers earn" note={experiments ? 'No client has been assigned to an arm yet.' : 'Waiting for the first figures.'}>
        <ArmsTable />
      </Card>
    );
  }
  return running.map((experiment) => <ExperimentCard key={`${experiment.experimentId}-${experiment.epoch}`} experiment={experiment} alone={running.length === 1} />);
}

function ExperimentCard({ experiment, alone }: { readonly experiment: Experiment; readonly alone: boolean }) {
  const title = alone ? 'What the offers earn' : `What the offers earn: ${experiment.experimentId}, epoch ${experiment.epoch}`;
  return (
    <Card
      title={title}
      note={<span aria-live="polite">{summaryOf(experiment)}</span>}
      aside={
        <p className="label sm:text-right">
          {experiment.experimentId}, epoch {experiment.epoch}
          <span className="block">since {formatInstant(experiment.startedMs)}</span>
        </p>
      }
    >
      <ArmsTable experiment={experiment} />
      <p className="label border-t border-line px-5 py-3">
        Spend is per client since assignment, less discounts; the two rates are of all offers so far, in the holdout of those never made. Lifts hold at every look: the chance that any
        of them is ever outside its interval is {formatPercent(experiment.alpha)}. {splitInWords(experiment)}
      </p>
    </Card>
  );
}

function splitInWords({ split }: Experiment): string {
  if (split.state === 'unknown') return '';
  const p = split.p === undefined ? '' : ` (p ${split.p < 0.001 ? '< 0.001' : `= ${split.p.toFixed(3)}`})`;
  return split.state === 'as-asked' ? `Clients are split as asked${p}.` : `Clients are NOT split as asked${p}.`;
}
