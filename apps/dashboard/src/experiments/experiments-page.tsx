import type { Experiment, ExperimentDetail } from '@sp/contracts';
import { useState } from 'react';
import { useLive } from '../live/live-store';
import { useAnswer } from '../live/use-answer';
import { useHashState } from '../live/use-hash-state';
import { Card } from '../parts/card';
import { stepWords } from '../words/experiments';
import { formatCount } from '../words/numbers';
import { formatInstant } from '../words/time';
import { summaryOf } from '../words/verdicts';
import { DeclareForm } from './declare-form';
import { ExperimentView } from './experiment-view';
import { PlanCard } from './plan-card';

/** Which experiments run, what may be said of each, and what to do next; one of them in all its figures. */
export function ExperimentsPage() {
  const [state] = useHashState();
  const { experiments } = useLive();
  const id = state.get('id');
  const waiting = experiments?.declared.find(({ experimentId }) => experimentId === id);
  if (id === null) return <ExperimentList />;
  const hasFigures = waiting === undefined || experiments?.experiments.some(({ experimentId }) => experimentId === id);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
      {waiting && <PlanCard own={waiting} />}
      {hasFigures && <ExperimentView key={id} experimentId={id} />}
    </div>
  );
}

function ExperimentList() {
  const { experiments } = useLive();
  const [state, setState] = useHashState();
  const [said, setSaid] = useState('');
  const running = experiments?.experiments ?? [];
  const declared = experiments?.declared ?? [];
  const close = (): void => setState({ new: undefined });
  return (
    <>
      <h1 className="sr-only">Experiments</h1>
      <Card title="Experiments" note={experiments === undefined ? 'Waiting for the first figures.' : running.length === 0 ? 'No client has been assigned to an arm yet.' : 'Open one to see all its figures'} aside={<button type="button" className="button" onClick={() => setState({ new: 'yes' })}>Declare one</button>}>
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
              {declared.map(({ experimentId, epoch, hypothesis, declaredBy }) => (
                <tr key={`${experimentId} ${epoch}`}>
                  <th scope="row">
                    <ExperimentLink experimentId={experimentId} />
                  </th>
                  <td className="text-right">{epoch}</td>
                  <td className="text-right">–</td>
                  <td className="whitespace-nowrap text-quiet">not started</td>
                  <td className="max-w-96">{hypothesis}</td>
                  <td className="max-w-72 text-quiet">Declared by {declaredBy}: start it.</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <p role="status" className="min-h-8 px-5 pb-3 text-quiet">{said}</p>
      </Card>
      {state.get('new') !== null && <DeclareForm onClose={close} onDeclared={(sentence) => { setSaid(sentence); close(); }} />}
    </>
  );
}

function ExperimentRow({ experiment }: { readonly experiment: Experiment }) {
  const { data } = useAnswer<ExperimentDetail>(`v1/experiments/${encodeURIComponent(experiment.experimentId)}`, 30_000);
  return (
    <tr>
      <th scope="row">
        <ExperimentLink experimentId={experiment.experimentId} />
      </th>
      <td className="text-right">{experiment.epoch}</td>
      <td className="text-right">{formatCount(experiment.arms.reduce((sum, arm) => sum + arm.clients, 0))}</td>
      <td className="whitespace-nowrap text-quiet">{formatInstant(experiment.startedMs)}</td>
      <td className="max-w-96">{summaryOf(experiment)}</td>
      <td className="max-w-72 text-quiet">{data ? stepWords[data.nextStep].words : ''}</td>
    </tr>
  );
}

function ExperimentLink({ experimentId }: { readonly experimentId: string }) {
  return (
    <a href={`#/experiments?id=${encodeURIComponent(experimentId)}`} className="underline decoration-line underline-offset-3 hover:decoration-current">
      {experimentId}
    </a>
  );
}
