import type { OwnExperiment } from '@sp/contracts';
import { useState, type FormEvent } from 'react';
import { postJson } from '../live/post-json';
import { Sheet } from '../parts/sheet';
import { armWords } from '../words/decisions';
import { metricWords } from '../words/experiments';
import { declarationOf } from './declaration-text';

/** The server checks all of it and says what is wrong, by its field. */
export function DeclareForm({ onClose, onDeclared }: { readonly onClose: () => void; readonly onDeclared: (sentence: string) => void }) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const declare = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    const answer = await postJson<OwnExperiment>('v1/experiments', { declaration: declarationOf(form), by: form.get('by') });
    setBusy(false);
    if (answer.problem === undefined) onDeclared(`${answer.data?.experimentId ?? 'The experiment'} is declared.`);
    else setProblem(answer.problem);
  };
  return (
    <Sheet title="New experiment" onClose={onClose}>
      <form className="mt-5 grid gap-3 sm:grid-cols-2" onSubmit={(event) => void declare(event)}>
        <Field name="by" label="Your name" />
        <Field name="experimentId" label="Its name: small letters, digits, hyphens" />
        <label className="grid gap-1 sm:col-span-2">
          <span className="label">What do you expect, and why?</span>
          <textarea name="hypothesis" rows={2} required className="field" />
        </label>
        <label className="grid gap-1">
          <span className="label">Within the clients of the arm</span>
          <select name="within" defaultValue="model" className="field">{['model', 'rules', 'random'].map((arm) => <option key={arm}>{arm}</option>)}</select>
        </label>
        <Field name="sharePercent" label="Of those clients, per cent" value={100} />
        <label className="grid gap-1 sm:col-span-2">
          <span className="label">Arms, one a line: name, policy ({Object.keys(armWords).join(', ')}), weight, and of a model arm the share to try out if it is to be another one</span>
          <textarea name="arms" rows={4} required spellCheck={false} defaultValue={'as-now, model, 1\nbolder, model, 1, 0.3'} className="field font-mono text-xs" />
        </label>
        <Field name="control" label="The control is the arm" value="as-now" />
        <Field name="horizonDays" label="Days planned" value={28} />
        <label className="grid gap-1">
          <span className="label">Metrics; the first decides</span>
          <input name="metrics" required defaultValue="spend, spend-adjusted, frequency, average-check, margin" list="metric-names" autoComplete="off" spellCheck={false} className="field" />
          <datalist id="metric-names">{Object.entries(metricWords).map(([name, { name: said }]) => <option key={name} value={name}>{said}</option>)}</datalist>
        </label>
        <label className="grid gap-1">
          <span className="label">Guardrails, each with the harm that is borne</span>
          <input name="guardrails" defaultValue="opt-outs 0, margin 0.02" autoComplete="off" spellCheck={false} className="field" />
        </label>
        <div className="flex gap-2 sm:col-span-2">
          <button type="submit" disabled={busy} className="button">Declare</button>
        </div>
        <p role="status" className="min-h-5 whitespace-pre-line text-warn sm:col-span-2">{problem}</p>
      </form>
    </Sheet>
  );
}

function Field({ name, label, value }: { readonly name: string; readonly label: string; readonly value?: string | number }) {
  return (
    <label className="grid gap-1">
      <span className="label">{label}</span>
      <input name={name} required defaultValue={value} autoComplete="off" spellCheck={false} className="field" />
    </label>
  );
}
