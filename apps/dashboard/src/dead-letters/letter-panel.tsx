import type { DeadLetterDetail, DeadLetterState } from '@sp/contracts';
import { useState } from 'react';
import { useAnswer } from '../live/use-answer';
import { Sheet } from '../parts/sheet';
import { originInWords, refusalInWords } from '../words/dead-letters';
import { formatInstant } from '../words/time';
import { LetterActions } from './letter-actions';

/** One letter whole: what came, why it was refused, what became of it. */
export function LetterPanel({ letterId, onClose }: { readonly letterId: string; readonly onClose: () => void }) {
  const [round, setRound] = useState(0);
  return (
    <Sheet title="A refused event" onClose={onClose}>
      <Letter key={round} letterId={letterId} onDone={() => setRound(round + 1)} />
    </Sheet>
  );
}

function Letter({ letterId, onDone }: { readonly letterId: string; readonly onDone: () => void }) {
  const { data, problem } = useAnswer<DeadLetterDetail>(`v1/dead-letters/${encodeURIComponent(letterId)}`, 0);
  if (problem !== undefined) return <p className="mt-4 text-warn">{problem}</p>;
  if (!data) return <p className="mt-4 min-h-dvh text-quiet">Reading the letter.</p>;
  return (
    <>
      <p className="label mt-1 break-all">{data.id}</p>
      <p className="mt-4">
        {refusalInWords(data.reason)}: {data.field === '' ? '' : <><code>{data.field}</code>: </>}{data.message}
      </p>
      <Facts letter={data} />
      <h3 className="mt-6 font-semibold">The event as it came{data.isMasked ? ', card numbers masked' : ''}</h3>
      <pre className="mt-2 max-h-96 overflow-auto rounded-lg bg-faint p-3 text-xs leading-relaxed">{pretty(data.payload)}</pre>
      {data.state.kind !== 'open' ? null : <LetterActions letter={data} onDone={onDone} />}
    </>
  );
}

function Facts({ letter }: { readonly letter: DeadLetterDetail }) {
  const { event, attempts, firstMs, timeMs } = letter;
  const rows = [
    ['State', stateInWords(letter.state)],
    ['Event', event ? `${event.id}, of ${event.subject}, from ${event.source}` : 'No readable envelope'],
    ['Type', event?.type || '–'],
    ['Came by', originInWords(letter)],
    ['Refused', attempts === 1 ? formatInstant(timeMs) : `${attempts} times, from ${formatInstant(firstMs)} to ${formatInstant(timeMs)}`],
  ] as const;
  return (
    <dl className="mt-4 grid grid-cols-[6rem_1fr] gap-y-1.5">
      {rows.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-quiet">{name}</dt>
          <dd className="break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function stateInWords(state: DeadLetterState): string {
  if (state.kind === 'open') return 'Open';
  const when = `by ${state.by}, ${formatInstant(state.timeMs)}`;
  if (state.kind === 'dropped') return `Dropped ${when}: ${state.why}`;
  const changes = state.corrections.map(({ path, value }) => (value === undefined ? `without ${path}` : `${path} = ${JSON.stringify(value)}`)).join(', ');
  return `Replayed ${when}: ${state.verdict === 'accepted' ? 'accepted' : 'the line had it already'}${changes === '' ? '' : `, with ${changes}`}`;
}

function pretty(payload: string): string {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    return payload;
  }
}
