import type { Experiment, ExperimentDetail } from '@sp/contracts';
import { useLive } from '../live/live-store';
import { useAnswer } from '../live/use-answer';
import { useHashState } from '../live/use-hash-state';
import { Card } from '../parts/card';
import { stepWords } from '../words/experiments';
import { formatCount } from '../words/numbers';
import { formatInstant } from '../words/time';
import { summaryOf } from '../words/verdicts';
import { ExperimentView } from './experiment-view';

/** Which experiments run, what may be said of each, and what to do next; one of them in all its figures. */
export function ExperimentsPage() {
  const [state] = useHashState();
  const id = state.get('id');
  return id === null ? <ExperimentList /> : <ExperimentView key={id} experimentId={id} />;
}

function ExperimentList() {
  const { experiments } = useLive();
  const running = experiments?.experiments ?? [];
  return (
    <>
      <h1 className="sr-only">Experiments</h1>
      <Card title="Experiments" note={experiments === undefined ? 'Waiting for the first figures.' : running.length === 0 ? 'No client has been assigned to an arm yet.' : 'Open one to see all its figures'}>
        <div className="overflow-x-auto">
          <table className="table min-w-[56rem]">
            <thead>
              <tr>
                <th scope="col">Experiment</th>
                <th scope="col" className="text-right">Epoch</th>
                <th scope="col" className="text-right">Clients</th>
                <th scope="col">Since</th>
                <th scope="col">What may be said</th>
                <th scope="col">Next step</th>
              </tr>
            </thead>
            <tbody>
              {running.map((experiment) => (
                <ExperimentRow key={experiment.experimentId} experiment={experiment} />
              ))}
            </tbody>
          </table>
        </div>
      </Card>
    </>
  );
}

function ExperimentRow({ experiment }: { readonly experiment: Experiment }) {
  const { data } = useAnswer<ExperimentDetail>(`v1/experiments/${encodeURIComponent(experiment.experimentId)}`, 30_000);
  return (
    <tr>
      <th scope="row">
        <a href={`#/experiments?id=${encodeURIComponent(experiment.experimentId)}`} className="underline decoration-line underline-offset-3 hover:decoration-current">
          {experiment.experimentId}
        </a>
      </th>
      <td className="text-right">{experiment.epoch}</td>
      <td className="text-right">{formatCount(experiment.arms.reduce((sum, arm) => sum + arm.clients, 0))}</td>
      <td className="whitespace-nowrap text-quiet">{formatInstant(experiment.startedMs)}</td>
      <td className="max-w-96">{summaryOf(experiment)}</td>
      <td className="max-w-72 text-quiet">{data ? stepWords[data.nextStep].words : ''}</td>
    </tr>
  );
}
