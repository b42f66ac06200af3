import type { DeadLetterReason, DeadLetterState } from '@sp/contracts';
import { useState } from 'react';
import { useAnswer } from '../live/use-answer';
import { LetterPanel } from './letter-panel';
import { LettersCard } from './letters-card';
import { ReasonsCard } from './reasons-card';

const everyMs = 5000;

/** What was refused, why, and what became of it. */
export function DeadLettersPage() {
  const [reason, setReason] = useState<string>();
  const [state, setState] = useState<DeadLetterState['kind']>('open');
  const [letterId, setLetterId] = useState<string>();
  const { data, problem } = useAnswer<readonly DeadLetterReason[]>('v1/dead-letters/reasons', everyMs);
  return (
    <div className="grid items-start gap-5 grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,1fr)_minmax(0,2.1fr)]">
      <h1 className="sr-only">Dead letters</h1>
      <ReasonsCard reasons={data} problem={problem} chosen={reason} onChoose={setReason} />
      <LettersCard reason={reason} state={state} onState={setState} onOpen={setLetterId} />
      {letterId !== undefined && <LetterPanel letterId={letterId} onClose={() => setLetterId(undefined)} />}
    </div>
  );
}
