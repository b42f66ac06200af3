import type { ReviewCase, ReviewVerdict } from '@sp/contracts';
import { useState, type FormEvent } from 'react';
import { postJson } from '../live/post-json';
import { useAnswer } from '../live/use-answer';
import { Card } from '../parts/card';
import { Sheet } from '../parts/sheet';
import { formatCount } from '../words/numbers';
import { formatInstant, formatMoment } from '../words/time';

const everyMs = 5000;
const states: Readonly<Record<ReviewCase['state'], string>> = { 'open': 'Open', 'claimed': 'Claimed', 'awaiting-second': 'Waits for a second person', 'closed': 'Closed' };
const verdicts: Readonly<Record<ReviewVerdict, string>> = { diversion: 'Takes payments past the bank', honest: 'Honest', unclear: 'Cannot be said' };

/** Merchants whose refusals no luck explains; people decide. */
export function ReviewsPage() {
  const [caseId, setCaseId] = useState<string>();
  const { data, problem } = useAnswer<readonly ReviewCase[]>('v1/review-cases', everyMs);
  const chosen = data?.find((one) => one.caseId === caseId);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)]">
      <h1 className="sr-only">Review queue</h1>
      <Card title="Review queue" note="Merchants who report more refusals than luck explains, the surest evidence first. Some are controls without any suspicion">
        <div className="min-h-80 overflow-x-auto">
          <table className="table min-w-[44rem]">
            <thead>
              <tr>
                <th scope="col">Opened, UTC</th>
                <th scope="col">Merchant</th>
                <th scope="col" className="text-right">Visits with an offer</th>
                <th scope="col" className="text-right">Redeemed</th>
                <th scope="col" className="text-right">To be expected</th>
                <th scope="col" className="text-right">Paid otherwise</th>
                <th scope="col">State</th>
              </tr>
            </thead>
            <tbody>
              {data?.map((one) => (
                <tr key={one.caseId} className="cursor-pointer hover:bg-faint" onClick={() => setCaseId(one.caseId)}>
                  <td className="whitespace-nowrap text-quiet">{formatMoment(one.openedAtMs)}</td>
                  <td>
                    <button type="button" className="underline decoration-line underline-offset-3 hover:decoration-current">{one.merchantId}</button>
                  </td>
                  {[one.evidence.offers, one.evidence.converted, Math.round(one.evidence.expected), one.evidence.traces].map((count, column) => (
                    <td key={column} className="text-right tabular-nums">{formatCount(count)}</td>
                  ))}
                  <td>{states[one.state]}{one.claim === undefined ? '' : ` by ${one.claim.by}`}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="px-5 py-4 text-quiet">{problem ?? (data?.length === 0 ? 'Nobody is suspected.' : '')}</p>
        </div>
      </Card>
      {chosen && (
        <Sheet title={`Merchant ${chosen.merchantId}`} onClose={() => setCaseId(undefined)}>
          <CasePanel reviewCase={chosen} />
        </Sheet>
      )}
    </div>
  );
}

function CasePanel({ reviewCase }: { readonly reviewCase: ReviewCase }) {
  const { caseId, evidence, state, claim, verdict, wasControl } = reviewCase;
  const [problem, setProblem] = useState('');
  const act = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget, (event.nativeEvent as SubmitEvent).submitter);
    const text = (name: string): string => String(form.get(name) ?? '').trim();
    const what = text('act');
    const body = what === 'verdict' ? { verdict: text('verdict'), note: text('note'), sanction: form.get('sanction') === 'on' } : what === 'second' ? { agrees: true } : what === 'disagree' ? { agrees: false } : {};
    const { problem: refused } = await postJson(`v1/review-cases/${encodeURIComponent(caseId)}/${what === 'disagree' ? 'second' : what}`, { by: text('by'), ...body });
    setProblem(refused ?? '');
  };
  return (
    <>
      <p className="mt-1">{states[state]}{claim === undefined ? '' : ` by ${claim.by}`} · opened {formatInstant(reviewCase.openedAtMs)}</p>
      <p className="mt-4">
        Of {formatCount(evidence.offers)} visits with an offer {formatCount(evidence.converted)} were redeemed; {formatCount(Math.round(evidence.expected))} were to be expected. After {formatCount(evidence.traces)} of the
        refusals the client was seen to draw cash or send money.
      </p>
      {verdict && <p className="mt-4">{verdicts[verdict.verdict]}, says {verdict.by}{verdict.sanction ? ', with consequences' : ''}{verdict.secondBy === undefined ? '' : `; ${verdict.secondBy} agrees`}. {verdict.note}</p>}
      {state === 'closed' ? (
        <p className="mt-4 text-quiet">{wasControl ? 'It was a control: this merchant was under no suspicion.' : 'It was no control.'}</p>
      ) : (
        <form className="mt-6 grid gap-3" onSubmit={(event) => void act(event)}>
          <label className="grid gap-1">
            <span className="label">Your name</span>
            <input name="by" required maxLength={128} autoComplete="username" className="field" />
          </label>
          {state === 'open' && <button type="submit" name="act" value="claim" className="button">Claim for half an hour</button>}
          {state === 'claimed' && (
            <>
              <select name="verdict" aria-label="Verdict" className="field">
                {Object.entries(verdicts).map(([value, words]) => <option key={value} value={value}>{words}</option>)}
              </select>
              <label className="grid gap-1">
                <span className="label">Why</span>
                <input name="note" maxLength={2000} className="field" />
              </label>
              <label className="flex gap-2 text-sm">
                <input type="checkbox" name="sanction" /> With consequences for the merchant: a second person must agree
              </label>
              <div className="flex gap-2">
                <button type="submit" name="act" value="verdict" className="button">Decide</button>
                <button type="submit" name="act" value="release" className="button">Give it back</button>
              </div>
            </>
          )}
          {state === 'awaiting-second' && (
            <div className="flex gap-2">
              <button type="submit" name="act" value="second" className="button">Agree</button>
              <button type="submit" name="act" value="disagree" className="button">Disagree</button>
            </div>
          )}
          <p role="status" className="min-h-5 text-warn">{problem}</p>
        </form>
      )}
    </>
  );
}
