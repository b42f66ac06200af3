import type { ExperimentLogEntry } from '@sp/contracts';
import { useState, type FormEvent } from 'react';
import { postJson } from '../live/post-json';
import { useAnswer } from '../live/use-answer';
import { Card } from '../parts/card';
import { logWords, notedWords } from '../words/experiments';
import { formatInstant } from '../words/time';

/** Who decided what about this experiment, why, and what was known then. Entries are added, never changed. */
export function DecisionLogCard({ experimentId }: { readonly experimentId: string }) {
  const path = `v1/experiments/${encodeURIComponent(experimentId)}/decisions`;
  const { data, problem } = useAnswer<readonly ExperimentLogEntry[]>(path, 10_000);
  const [added, setAdded] = useState<readonly ExperimentLogEntry[]>();
  const entries = added !== undefined && added.length > (data?.length ?? 0) ? added : data;
  return (
    <Card title="Decisions" note="Who decided what, why, and what was known then">
      <ul className="grid gap-3 px-5 pb-4">
        {entries?.map((entry) => (
          <li key={entry.atMs}>
            <p>
              <span className="font-semibold">{logWords[entry.decision]}</span>: {entry.reason}
            </p>
            <p className="label">
              {entry.by}, {formatInstant(entry.atMs)}, with figures to {formatInstant(entry.knownUntilMs)}
            </p>
          </li>
        ))}
        {entries?.length === 0 && <li className="text-quiet">Nothing has been decided yet.</li>}
        {problem !== undefined && <li className="text-warn">{problem}</li>}
      </ul>
      <LogForm path={path} onDone={setAdded} />
    </Card>
  );
}

function LogForm({ path, onDone }: { readonly path: string; readonly onDone: (entries: readonly ExperimentLogEntry[]) => void }) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const save = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    setBusy(true);
    const answer = await postJson<readonly ExperimentLogEntry[]>(path, Object.fromEntries(new FormData(form)));
    setBusy(false);
    setProblem(answer.problem ?? '');
    if (!answer.data) return;
    onDone(answer.data);
    form.reset();
  };
  return (
    <form className="grid gap-3 border-t border-line px-5 py-4 sm:grid-cols-[10rem_12rem_minmax(0,1fr)_auto] sm:items-end" onSubmit={(event) => void save(event)}>
      <label className="grid gap-1">
        <span className="label">Your name</span>
        <input name="by" required maxLength={128} autoComplete="username" className="field" />
      </label>
      <label className="grid gap-1">
        <span className="label">Decision</span>
        <select name="decision" className="field">
          {Object.entries(notedWords).map(([decision, words]) => (
            <option key={decision} value={decision}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <label className="grid gap-1">
        <span className="label">Why</span>
        <input name="reason" required maxLength={1000} className="field" />
      </label>
      <button type="submit" disabled={busy} className="button">
        Note it
      </button>
      {problem !== '' && <p role="status" className="text-warn sm:col-span-4">{problem}</p>}
    </form>
  );
}
