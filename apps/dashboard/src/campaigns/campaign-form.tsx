import type { CampaignState } from '@sp/contracts';
import { useState, type FormEvent } from 'react';
import { postJson } from '../live/post-json';
import { Sheet } from '../parts/sheet';
import { campaignOf, termsText } from './campaign-text';

interface CampaignFormProps {
  /** The campaign that is changed; absent where a new one is made. */
  readonly before?: CampaignState;
  /** Who acts here. */
  readonly by: string;
  readonly onClose: () => void;
  readonly onPublished: (sentence: string) => void;
}

/** The server checks all of it and says what is wrong, by its field. */
export function CampaignForm({ before, by, onClose, onPublished }: CampaignFormProps) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const publish = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (by === '') return setProblem('Say your name first, on the page: the change bears it.');
    const campaign = { ...campaignOf(new FormData(event.currentTarget), before), by };
    setBusy(true);
    const answer = await postJson<{ readonly campaignId: string }>('v1/campaigns', campaign);
    setBusy(false);
    if (answer.problem === undefined) onPublished(`${answer.data?.campaignId ?? 'The campaign'} is asked for.`);
    else setProblem(answer.problem);
  };
  return (
    <Sheet title={before ? `Change ${before.campaignId}` : 'New campaign'} onClose={onClose}>
      <form className="mt-5 grid gap-3 sm:grid-cols-2" onSubmit={(event) => void publish(event)}>
        <Field name="campaignId" label="Campaign’s id" value={before?.campaignId} readOnly={before !== undefined} />
        <Field name="merchantId" label="Merchant’s id" value={before?.merchantId} />
        <label className="grid gap-1">
          <span className="label">Objective</span>
          <select name="objective" defaultValue={before?.objective ?? 'spend'} className="field">
            {['spend', 'frequency', 'average-check', 'new-merchant'].map((objective) => <option key={objective}>{objective}</option>)}
          </select>
        </label>
        <Field name="currency" label="Currency" value={before?.currency ?? 'EUR'} />
        <Field name="startsAt" label="Starts, such as 2026-03-01T00:00:00Z" value={before?.startsAt} />
        <Field name="endsAt" label="Ends" value={before?.endsAt} />
        <Field name="budgetMinor" label="Budget, in minor units (cents)" value={before?.budgetMinor} />
        <Field name="marginPercent" label="Margin, percent of a purchase" value={before?.marginPercent} />
        <label className="grid gap-1 sm:col-span-2">
          <span className="label">Terms, one a line: discount percent, days, minimum check in minor units, and the most it may be worth if there is such a bound</span>
          <textarea name="terms" rows={5} required spellCheck={false} defaultValue={before ? termsText(before.terms) : '10, 7, 1000'} className="field font-mono text-xs" />
        </label>
        <div className="flex gap-2 sm:col-span-2">
          <button type="submit" disabled={busy} className="button">Publish</button>
        </div>
        <p role="status" className="min-h-5 whitespace-pre-line text-warn sm:col-span-2">{problem}</p>
      </form>
    </Sheet>
  );
}

function Field({ name, label, value, readOnly = false }: { readonly name: string; readonly label: string; readonly value: string | number | undefined; readonly readOnly?: boolean }) {
  return (
    <label className="grid gap-1">
      <span className="label">{label}</span>
      <input name={name} required readOnly={readOnly} defaultValue={value} autoComplete="off" spellCheck={false} className="field" />
    </label>
  );
}
