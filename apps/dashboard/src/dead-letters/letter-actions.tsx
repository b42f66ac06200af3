import type { Correction, DeadLetterDetail } from '@sp/contracts';
import { useState, type FormEvent } from 'react';
import { postJson } from '../live/post-json';

interface Outcome {
  readonly kind: string;
  readonly isMarked?: boolean;
  readonly reason?: string;
  readonly field?: string;
  readonly message?: string;
}

/** Send the event through the public door again, mended where need be, or let it go. Both say who did it. */
export function LetterActions({ letter, onDone }: { readonly letter: DeadLetterDetail; readonly onDone: () => void }) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const act = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget, (event.nativeEvent as SubmitEvent).submitter);
    const text = (name: string): string => String(form.get(name) ?? '').trim();
    const isReplay = text('act') === 'replay';
    if (!isReplay && text('why') === '') return setProblem('Say why it may be dropped.');
    setBusy(true);
    const body = isReplay ? { by: text('by'), corrections: correctionsOf(text('corrections')) } : { by: text('by'), why: text('why') };
    const answer = await postJson<Outcome>(`v1/dead-letters/${encodeURIComponent(letter.id)}/${isReplay ? 'replay' : 'drop'}`, body);
    setBusy(false);
    const sentence = answer.problem ?? problemOf(answer.data);
    setProblem(sentence);
    if (sentence === '') onDone();
  };
  return (
    <form className="mt-6 grid gap-3" onSubmit={(event) => void act(event)}>
      <label className="grid gap-1">
        <span className="label">Your name</span>
        <input name="by" required maxLength={128} autoComplete="username" className="field" />
      </label>
      {letter.notReplayable === undefined ? (
        <label className="grid gap-1">
          <span className="label">Corrections, one a line, such as data.currency=EUR; a path alone takes the field away</span>
          <textarea name="corrections" rows={2} spellCheck={false} className="field font-mono text-xs" />
        </label>
      ) : (
        <p className="text-quiet">It cannot be replayed: {letter.notReplayable}.</p>
      )}
      <label className="grid gap-1">
        <span className="label">Why it may be dropped</span>
        <input name="why" maxLength={1000} className="field" />
      </label>
      <div className="flex gap-2">
        {letter.notReplayable === undefined && (
          <button type="submit" name="act" value="replay" disabled={busy} className="button">
            Replay
          </button>
        )}
        <button type="submit" name="act" value="drop" disabled={busy} className="button">
          Drop
        </button>
      </div>
      <p role="status" className="min-h-5 text-warn">{problem}</p>
    </form>
  );
}

function problemOf(outcome: Outcome | undefined): string {
  if (outcome?.kind === 'rejected') return `Refused again: ${[outcome.field, outcome.message].filter(Boolean).join(': ')}`;
  return outcome?.isMarked === false ? 'The line took it, but the stream of dead letters could not take the note of it.' : '';
}

function correctionsOf(text: string): Correction[] {
  return text.split('\n').map((line) => line.trim()).filter((line) => line !== '').map((line) => {
    const at = line.indexOf('=');
    return at < 0 ? { path: line } : { path: line.slice(0, at).trim(), value: valueOf(line.slice(at + 1).trim()) };
  });
}

/** JSON where it is JSON, else text: 12 is a number, EUR a text, "12" a text of digits. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
