import type { CorrectionOfEvent } from '@sp/contracts';
import { useState } from 'react';
import { useAnswer } from '../live/use-answer';
import { Card } from '../parts/card';
import { formatMoment } from '../words/time';

const shown = 50;
const everyMs = 5000;

/** Single events before and after: the newest ones, or the one whose id is typed. */
export function CorrectedEventsCard({ rule }: { readonly rule: string | undefined }) {
  const [eventId, setEventId] = useState('');
  const { data, problem } = useAnswer<readonly CorrectionOfEvent[]>(`v1/corrections?limit=${shown}&event=${encodeURIComponent(eventId)}&rule=${encodeURIComponent(rule ?? '')}`, everyMs);
  return (
    <Card title="Corrected events" note={rule ?? 'Before and after, the newest first'} aside={<EventIdField value={eventId} onChange={setEventId} />}>
      <div className="min-h-40 overflow-x-auto">
        <table className="table min-w-[40rem]">
          <thead>
            <tr>
              <th scope="col">Time, UTC</th>
              <th scope="col">Event</th>
              <th scope="col">Field</th>
              <th scope="col">Before</th>
              <th scope="col">After</th>
            </tr>
          </thead>
          <tbody>
            {data?.map(({ eventId: id, timeMs, field, before, after, rule: applied }) => (
              <tr key={`${id} ${applied} ${field}`}>
                <td className="whitespace-nowrap text-quiet">{formatMoment(timeMs)}</td>
                <td className="max-w-48 truncate">{id}</td>
                <td className="text-quiet" title={applied}>{field}</td>
                <td className="max-w-40 truncate">{before === '' ? 'missing' : before}</td>
                <td className="max-w-40 truncate">{after}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className="px-5 py-4 text-quiet">{problem ?? (data?.length === 0 ? 'No corrected event.' : '')}</p>
      </div>
    </Card>
  );
}

function EventIdField({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  return (
    <label className="flex items-center gap-2 text-sm text-quiet">
      Event id
      <input className="field w-48" value={value} onChange={(event) => onChange(event.target.value.trim())} />
    </label>
  );
}
