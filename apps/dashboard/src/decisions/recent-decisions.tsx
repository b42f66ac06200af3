import type { DecisionSummary } from '@sp/contracts';
import { useState, type FormEvent } from 'react';
import { useAnswer } from '../live/use-answer';
import { Card } from '../parts/card';
import { DecisionRow } from './decision-row';

const shown = 12;
const everyMs = 5000;

/** The newest decisions, of everybody or of one client. The list holds still while it is pointed at or used by keyboard. */
export function RecentDecisions({ onOpen }: { readonly onOpen: (decisionId: string) => void }) {
  const [client, setClient] = useState('');
  const [held, setHeld] = useState(false);
  const path = `v1/decisions?limit=${shown}${client === '' ? '' : `&client=${encodeURIComponent(client)}`}`;
  const { data, problem } = useAnswer<readonly DecisionSummary[]>(path, everyMs, held);
  const hold = { onMouseEnter: () => setHeld(true), onMouseLeave: () => setHeld(false), onFocus: () => setHeld(true), onBlur: () => setHeld(false) };
  return (
    <Card title="Recent decisions" note={client === '' ? 'Open one to see why it was made' : `Of client ${client}`} aside={<ClientFilter onChoose={setClient} />}>
      <div className="relative min-h-[34rem] overflow-x-auto" {...hold}>
        <table className="table min-w-[44rem]">
          <thead>
            <tr>
              <th scope="col">Time, UTC</th>
              <th scope="col">Client</th>
              <th scope="col">Decision</th>
              <th scope="col">Because the client</th>
              <th scope="col">Arm</th>
            </tr>
          </thead>
          <tbody>{data?.map((decision) => <DecisionRow key={decision.decisionId} decision={decision} onOpen={onOpen} />)}</tbody>
        </table>
        <p className="px-5 py-4 text-quiet">{problem ?? (data?.length === 0 ? 'No decisions yet.' : '')}</p>
      </div>
    </Card>
  );
}

function ClientFilter({ onChoose }: { readonly onChoose: (client: string) => void }) {
  const choose = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    onChoose(String(new FormData(event.currentTarget).get('client') ?? '').trim());
  };
  return (
    <form role="search" onSubmit={choose} onReset={() => onChoose('')} className="flex gap-2">
      <input name="client" aria-label="Client's id" placeholder="Client’s id" autoComplete="off" spellCheck={false} className="field w-44" />
      <button type="submit" className="button">
        Show
      </button>
      <button type="reset" className="button">
        All
      </button>
    </form>
  );
}
