import type { ExperimentDetail } from '@sp/contracts';
import { useAnswer } from '../live/use-answer';
import { useHashState } from '../live/use-hash-state';
import { Card } from '../parts/card';
import { armName } from '../words/decisions';
import { metricsCsv } from '../words/experiments';
import { formatCount } from '../words/numbers';
import { formatInstant } from '../words/time';
import { DecisionLogCard } from './decision-log-card';
import { HealthBanner } from './health-banner';
import { LiftCard } from './lift-card';
import { MetricTable } from './metric-table';
import { PlanCard } from './plan-card';
import { SegmentsCard } from './segments-card';
import { TrafficCard } from './traffic-card';

/** The server counts anew at most every two seconds, so that figures are never older than five. */
const everyMs = 2000;

/** One experiment: is it sound, what came of it, since when, for whom. */
export function ExperimentView({ experimentId }: { readonly experimentId: string }) {
  const [state, setState] = useHashState();
  const { data, problem } = useAnswer<ExperimentDetail>(`v1/experiments/${encodeURIComponent(experimentId)}`, everyMs);
  if (!data) return <p className="text-quiet">{problem ?? 'Counting …'}</p>;
  const { experiment } = data;
  const arms = experiment.arms.map(({ arm }) => arm).filter((arm) => arm !== experiment.control);
  const chosen = arms.find((arm) => arm === state.get('arm')) ?? (arms.includes('model') ? 'model' : arms[0]);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <a href="#/experiments" className="text-quiet underline decoration-line underline-offset-3">
          Experiments
        </a>
        <h1 className="text-lg font-semibold tracking-tight">{experiment.experimentId}</h1>
        <p className="label">
          epoch {experiment.epoch}, since {formatInstant(experiment.startedMs)}, figures to {formatInstant(experiment.untilMs)}
        </p>
      </div>
      {problem !== undefined && <p role="alert" className="rounded-lg border border-line bg-warn-soft px-4 py-2.5 text-warn">{problem}</p>}
      <HealthBanner detail={data} />
      {experiment.own && <PlanCard own={experiment.own} detail={data} />}
      <Card title={`Metrics against the ${armName(experiment.control).toLowerCase()}`} note={noteOf(data)} aside={<CsvButton detail={data} />}>
        <MetricTable detail={data} />
      </Card>
      <LiftCard detail={data} arm={chosen} axis={state.get('axis') === 'exposure' ? 'exposure' : 'start'} arms={arms} onArm={(arm) => setState({ arm })} onAxis={(axis) => setState({ axis })} />
      <div className="grid items-start gap-5 grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,1fr)_minmax(0,1.6fr)]">
        <TrafficCard detail={data} />
        <SegmentsCard detail={data} />
      </div>
      <DecisionLogCard experimentId={experimentId} />
    </div>
  );
}

function noteOf({ comparisons }: ExperimentDetail): string {
  return `The absolute difference decides; p-values are corrected over all ${formatCount(comparisons)} comparisons of this table (Holm). Everybody assigned counts, whether he got an offer or not.`;
}

function CsvButton({ detail }: { readonly detail: ExperimentDetail }) {
  const save = (): void => {
    const url = URL.createObjectURL(new Blob([metricsCsv(detail)], { type: 'text/csv' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `${detail.experiment.experimentId}-epoch-${detail.experiment.epoch}.csv`;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <button type="button" className="button" onClick={save} title={`All metrics of ${detail.experiment.arms.map(({ arm }) => armName(arm)).join(', ')}`}>
      Save as CSV
    </button>
  );
}
