import type { DataHealth, DeadLetterReason, DeadLetterState } from '@sp/contracts';
import { useState } from 'react';
import { LetterPanel } from '../dead-letters/letter-panel';
import { LettersCard } from '../dead-letters/letters-card';
import { ReasonsCard } from '../dead-letters/reasons-card';
import { useAnswer } from '../live/use-answer';
import { CorrectedEventsCard } from './corrected-events-card';
import { CorrectionsCard } from './corrections-card';
import { StreamsCard } from './streams-card';

const everyMs = 2000;
const lettersEveryMs = 5000;

/** What comes in at the door: how much, how late, what was corrected, what was refused. */
export function DataHealthPage() {
  const { data, problem } = useAnswer<DataHealth>('v1/data-health', everyMs);
  const reasons = useAnswer<readonly DeadLetterReason[]>('v1/dead-letters/reasons', lettersEveryMs);
  const [rule, setRule] = useState<string>();
  const [reason, setReason] = useState<string>();
  const [state, setState] = useState<DeadLetterState['kind']>('open');
  const [letterId, setLetterId] = useState<string>();
  return (
    <div className="grid items-start gap-5 grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,1fr)_minmax(0,1.6fr)]">
      <h1 className="sr-only">Data health</h1>
      <StreamsCard health={data} problem={problem} />
      <CorrectionsCard corrections={data?.corrections} chosen={rule} onChoose={setRule} />
      <CorrectedEventsCard rule={rule} />
      <ReasonsCard reasons={reasons.data} problem={reasons.problem} chosen={reason} onChoose={setReason} />
      <LettersCard reason={reason} state={state} onState={setState} onOpen={setLetterId} />
      {letterId !== undefined && <LetterPanel letterId={letterId} onClose={() => setLetterId(undefined)} />}
    </div>
  );
}
