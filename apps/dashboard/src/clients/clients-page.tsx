import type { TimelineEntry } from '@sp/contracts';
import { useState, type FormEvent } from 'react';
import { RecentDecisions } from '../decisions/recent-decisions';
import { WhyPanel } from '../decisions/why-panel';
import { useAnswer } from '../live/use-answer';
import { Card } from '../parts/card';
import { Timeline } from './timeline';

const everyMs = 5000;

/** One client: what he did, what was decided for him, what came of it. */
export function ClientsPage() {
  const [clientId, setClientId] = useState('');
  const [decisionId, setDecisionId] = useState<string>();
  return (
    <div className="grid gap-5 grid-cols-[minmax(0,1fr)]">
      <h1 className="sr-only">Clients and decisions</h1>
      <Card title="One client’s timeline" note={clientId === '' ? 'Name a client, or open a decision below' : `Client ${clientId}, the newest first; times in UTC`} aside={<ClientChooser onChoose={setClientId} />}>
        {clientId === '' ? null : <ClientTimeline clientId={clientId} onOpen={setDecisionId} />}
      </Card>
      <RecentDecisions onOpen={setDecisionId} />
      {decisionId !== undefined && <WhyPanel decisionId={decisionId} onClose={() => setDecisionId(undefined)} />}
    </div>
  );
}

function ClientTimeline({ clientId, onOpen }: { readonly clientId: string; readonly onOpen: (decisionId: string) => void }) {
  const { data, problem } = useAnswer<readonly TimelineEntry[]>(`v1/clients/${encodeURIComponent(clientId)}/timeline`, everyMs);
  return (
    <div className="px-5 pb-4">
      {data && <Timeline entries={data} onOpen={onOpen} />}
      <p className="text-quiet empty:hidden">{problem ?? (data?.length === 0 ? 'Nothing is known of this client.' : '')}</p>
    </div>
  );
}

function ClientChooser({ onChoose }: { readonly onChoose: (clientId: string) => void }) {
  const choose = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    onChoose(String(new FormData(event.currentTarget).get('timeline-client') ?? '').trim());
  };
  return (
    <form role="search" aria-label="Timeline of a client" onSubmit={choose} className="flex gap-2">
      <input name="timeline-client" required aria-label="Timeline of client" placeholder="Client’s id" autoComplete="off" spellCheck={false} className="field w-44" />
      <button type="submit" className="button">Timeline</button>
    </form>
  );
}
