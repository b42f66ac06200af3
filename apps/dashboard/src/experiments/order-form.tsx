import type { OwnExperiment } from '@sp/contracts';
import { useState, type FormEvent } from 'react';
import { postJson } from '../live/post-json';

const words = {
  start: { ask: 'Start it …', confirm: 'Yes, decide for its clients from now on', done: 'The start is asked for; it holds from its place in the log on.' },
  stop: { ask: 'Stop it …', confirm: 'Yes, stop it for good', done: 'The stop is asked for; its clients go back to the arm that they came from.' },
} as const;

/** Who, why, and a second click: both stand in the log afterwards. */
export function OrderForm({ experimentId, order }: { readonly experimentId: string; readonly order: 'start' | 'stop' }) {
  const [isAsked, setIsAsked] = useState(false);
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (!isAsked) return setIsAsked(true);
    setBusy(true);
    const answer = await postJson<OwnExperiment>(`v1/experiments/${encodeURIComponent(experimentId)}/${order}`, Object.fromEntries(new FormData(event.currentTarget)));
    setBusy(false);
    setIsAsked(false);
    setSaid(answer.problem ?? words[order].done);
  };
  return (
    <form className="grid gap-3 border-t border-line px-5 py-4 sm:grid-cols-[10rem_minmax(0,1fr)_auto] sm:items-end" aria-label={order === 'start' ? 'Start' : 'Stop'} onSubmit={(event) => void send(event)}>
      <label className="grid gap-1">
        <span className="label">Your name</span>
        <input name="by" required maxLength={128} autoComplete="username" className="field" />
      </label>
      <label className="grid gap-1">
        <span className="label">Why now</span>
        <input name="reason" required maxLength={1000} className="field" />
      </label>
      <span className="flex gap-2">
        <button type="submit" disabled={busy} className="button">{isAsked ? words[order].confirm : words[order].ask}</button>
        {isAsked && <button type="button" className="button" onClick={() => setIsAsked(false)}>No</button>}
      </span>
      <p role="status" className="min-h-5 text-quiet sm:col-span-3">{said}</p>
    </form>
  );
}
