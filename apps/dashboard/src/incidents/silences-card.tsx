import type { Silence } from '@sp/contracts';
import { useState, type FormEvent } from 'react';
import { postJson } from '../live/post-json';
import { Card } from '../parts/card';
import { formatInstant } from '../words/time';

/** Who is not to be told of what, why, and until when. A silenced incident still stands in the list. */
export function SilencesCard({ silences }: { readonly silences: readonly Silence[] | undefined }) {
  const [problem, setProblem] = useState('');
  const act = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const { by, signal, why, hours, end } = Object.fromEntries(new FormData(form, (event.nativeEvent as SubmitEvent).submitter)) as Record<string, string>;
    if (!by) return setProblem('Say your name.');
    const answer = end === undefined ? await postJson('v1/incidents/silences', { by, signal, why, hours: Number(hours) }) : await postJson(`v1/incidents/silences/${encodeURIComponent(end)}/end`, { by });
    setProblem(answer.problem ?? '');
    if (answer.problem === undefined) form.reset();
  };
  return (
    <Card title="Silences" note="Nothing is sent about these signals">
      <form className="grid gap-2 px-5 py-4" onSubmit={(event) => void act(event)}>
        <ul className="grid gap-2">
          {silences?.map(({ silenceId, signal, by, why, untilMs }) => (
            <li key={silenceId} className="text-sm">
              <code>{signal}</code> until {formatInstant(untilMs)}, by {by}: {why}{' '}
              <button type="submit" name="end" value={silenceId} formNoValidate className="underline">End it</button>
            </li>
          ))}
          {silences?.length === 0 && <li className="text-quiet">None.</li>}
        </ul>
        {[['signal', 'Signal, or all that begin alike: rate:*'], ['why', 'Why'], ['by', 'Your name']].map(([name, label]) => (
          <label key={name} className="grid gap-1">
            <span className="label">{label}</span>
            <input name={name} required maxLength={128} className="field" />
          </label>
        ))}
        <label className="grid gap-1">
          <span className="label">Hours</span>
          <input name="hours" type="number" min={1} max={168} defaultValue={4} required className="field" />
        </label>
        <button type="submit" className="button">Silence</button>
        <p role="status" className="min-h-5 text-warn">{problem}</p>
      </form>
    </Card>
  );
}
