import type { DeadLetterState, DeadLetterSummary } from '@sp/contracts';
import { useState } from 'react';
import { useAnswer } from '../live/use-answer';
import { Card } from '../parts/card';
import { refusalInWords, stateWords } from '../words/dead-letters';
import { formatMoment } from '../words/time';

const shown = 50;
const everyMs = 5000;
const states = ['open', 'replayed', 'dropped'] as const satisfies readonly DeadLetterState['kind'][];

export interface LettersCardProps {
  readonly reason: string | undefined;
  readonly state: DeadLetterState['kind'];
  readonly onState: (state: DeadLetterState['kind']) => void;
  readonly onOpen: (letterId: string) => void;
}

/** The newest letters of one state. The list holds still while it is pointed at or used by keyboard. */
export function LettersCard({ reason, state, onState, onOpen }: LettersCardProps) {
  const [held, setHeld] = useState(false);
  const { data, problem } = useAnswer<readonly DeadLetterSummary[]>(`v1/dead-letters?limit=${shown}&state=${state}${reason === undefined ? '' : `&reason=${encodeURIComponent(reason)}`}`, everyMs, held);
  const hold = { onMouseEnter: () => setHeld(true), onMouseLeave: () => setHeld(false), onFocus: () => setHeld(true), onBlur: () => setHeld(false) };
  return (
    <Card title="Letters" note={reason === undefined ? 'Open one to see the event, and to replay or drop it' : refusalInWords(reason)} aside={<States chosen={state} onChoose={onState} />}>
      <div className="min-h-80 overflow-x-auto" {...hold}>
        <table className="table min-w-[44rem]">
          <thead>
            <tr>
              <th scope="col">Refused, UTC</th>
              <th scope="col">Event</th>
              <th scope="col">Reason</th>
              <th scope="col">Field</th>
              <th scope="col">Tries</th>
            </tr>
          </thead>
          <tbody>
            {data?.map((letter) => (
              <tr key={letter.id} className="cursor-pointer hover:bg-faint" onClick={() => onOpen(letter.id)}>
                <td className="whitespace-nowrap text-quiet">{formatMoment(letter.timeMs)}</td>
                <td className="max-w-56">
                  <button type="button" className="max-w-full truncate text-left underline decoration-line underline-offset-3 hover:decoration-current">
                    {letter.event?.id ?? 'No readable envelope'}
                  </button>
                </td>
                <td>{refusalInWords(letter.reason)}</td>
                <td className="max-w-48 truncate text-quiet">{letter.field === '' ? '–' : letter.field}</td>
                <td className="text-quiet">{letter.attempts}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className="px-5 py-4 text-quiet">{problem ?? (data?.length === 0 ? `No ${stateWords[state].toLowerCase()} letters.` : '')}</p>
      </div>
    </Card>
  );
}

function States({ chosen, onChoose }: { readonly chosen: DeadLetterState['kind']; readonly onChoose: (state: DeadLetterState['kind']) => void }) {
  return (
    <div role="group" aria-label="State" className="flex gap-1 text-sm">
      {states.map((state) => (
        <button key={state} type="button" aria-pressed={state === chosen} className={`nav-link ${state === chosen ? 'bg-faint text-ink' : ''}`} onClick={() => onChoose(state)}>
          {stateWords[state]}
        </button>
      ))}
    </div>
  );
}
