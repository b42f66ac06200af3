import type { Incident, Silence } from '@sp/contracts';
import { useState } from 'react';
import { useAnswer } from '../live/use-answer';
import { Card } from '../parts/card';
import { incidentStateWords, signalInWords, strangenessInWords } from '../words/incidents';
import { formatInstant, formatMoment } from '../words/time';
import { IncidentPanel } from './incident-panel';
import { SilencesCard } from './silences-card';

interface Answer {
  readonly judgedUntilMs?: number;
  readonly incidents: readonly Incident[];
  readonly silences: readonly Silence[];
}

const everyMs = 3000;
const shown = 100;

/** What is strange, what people do about it, and who is not to be told. */
export function IncidentsPage() {
  const [incidentId, setIncidentId] = useState<string>();
  const [isAll, setAll] = useState(false);
  const { data, problem } = useAnswer<Answer>('v1/incidents', everyMs);
  const incidents = data?.incidents.filter(({ state }) => isAll || state !== 'resolved').slice(0, shown);
  return (
    <div className="grid items-start gap-5 grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,2.4fr)_minmax(0,1fr)]">
      <h1 className="sr-only">Incidents</h1>
      <Card title="Incidents" note={data?.judgedUntilMs === undefined ? 'Nothing has been judged yet' : `Judged to ${formatInstant(data.judgedUntilMs)}, in the time of the events`} aside={<Filter isAll={isAll} onChange={setAll} />}>
        <div className="min-h-80 overflow-x-auto">
          <table className="table min-w-[44rem]">
            <thead>
              <tr>
                <th scope="col">Since, UTC</th>
                <th scope="col">What</th>
                <th scope="col">How</th>
                <th scope="col">State</th>
              </tr>
            </thead>
            <tbody>
              {incidents?.map((incident) => (
                <Row key={incident.incidentId} incident={incident} onOpen={() => setIncidentId(incident.incidentId)} />
              ))}
            </tbody>
          </table>
          <p className="px-5 py-4 text-quiet">{problem ?? (incidents?.length === 0 ? (isAll ? 'There has been no incident.' : 'Nothing is open.') : '')}</p>
        </div>
      </Card>
      <SilencesCard silences={data?.silences} />
      {incidentId !== undefined && <IncidentPanel incidentId={incidentId} onClose={() => setIncidentId(undefined)} />}
    </div>
  );
}

function Row({ incident, onOpen }: { readonly incident: Incident; readonly onOpen: () => void }) {
  const first = incident.signals[0];
  return (
    <tr className="cursor-pointer hover:bg-faint" onClick={onOpen}>
      <td className="whitespace-nowrap text-quiet">{formatMoment(incident.openedAtMs)}</td>
      <td>
        <button type="button" className="text-left underline decoration-line underline-offset-3 hover:decoration-current">
          {incident.signals.map(({ signal }) => signalInWords(signal)).join(', ')}
        </button>
      </td>
      <td className="text-quiet">{first === undefined ? '' : strangenessInWords(first)}{incident.flaps > 1 ? ` · ${incident.flaps} times` : ''}</td>
      <td>
        <span className="pill" data-tone={incident.firing ? 'warn' : 'quiet'}>{incidentStateWords[incident.state]}{incident.firing ? ', fires' : ''}</span>
      </td>
    </tr>
  );
}

function Filter({ isAll, onChange }: { readonly isAll: boolean; readonly onChange: (isAll: boolean) => void }) {
  return (
    <div role="group" aria-label="Which" className="flex gap-1 text-sm">
      {[false, true].map((all) => (
        <button key={String(all)} type="button" aria-pressed={all === isAll} className={`nav-link ${all === isAll ? 'bg-faint text-ink' : ''}`} onClick={() => onChange(all)}>
          {all ? 'All' : 'Unresolved'}
        </button>
      ))}
    </div>
  );
}
