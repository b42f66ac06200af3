import type { DecisionDetail, TimelineEntry } from '@sp/contracts';
import { useEffect, useRef } from 'react';
import { useAnswer } from '../live/use-answer';
import { formatInstant } from '../words/time';
import { ConsideredTable } from './considered-table';
import { Timeline } from '../clients/timeline';
import { ExplanationPart } from './explanation-part';
import { decisionInWords } from './decision-in-words';

/** "Why did this client get this offer", answered from the decision's record alone. A native modal: Escape closes, the focus returns. */
export function WhyPanel({ decisionId, onClose }: { readonly decisionId: string; readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { data, problem } = useAnswer<DecisionDetail>(`v1/decisions/${encodeURIComponent(decisionId)}`, 0);
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="sheet" aria-labelledby="why-title" onClose={onClose} onClick={(event) => event.target === dialog.current && dialog.current.close()}>
      <div className="min-h-full px-7 py-6">
        <div className="flex items-start justify-between gap-4">
          <h2 id="why-title" className="text-lg font-semibold tracking-tight">
            Why this decision
          </h2>
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
        {problem !== undefined && <p className="mt-4 text-warn">{problem}</p>}
        {data ? <Record record={data} /> : <p className="mt-4 text-quiet">{problem === undefined ? 'Reading the record.' : ''}</p>}
      </div>
    </dialog>
  );
}

function Record({ record }: { readonly record: DecisionDetail }) {
  return (
    <>
      <p className="label mt-1">
        {record.decisionId} · {formatInstant(record.timeMs)}
      </p>
      <div className="mt-4 grid gap-2">
        {decisionInWords(record).map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
      {record.offer && <Course clientId={record.clientId} offerId={record.offer.offerId} />}
      <ConsideredTable record={record} />
      {record.explanation && <ExplanationPart explanation={record.explanation} />}
      <Origins record={record} />
    </>
  );
}

/** From the decision to its outcome. */
function Course({ clientId, offerId }: { readonly clientId: string; readonly offerId: string }) {
  const { data } = useAnswer<readonly TimelineEntry[]>(`v1/clients/${encodeURIComponent(clientId)}/timeline?offer=${encodeURIComponent(offerId)}`, 5000);
  return (
    <section aria-label="What came of it">
      <h3 className="mt-7 mb-2 font-semibold">What came of it</h3>
      {data && <Timeline entries={[...data].reverse()} />}
      {data?.every(({ kind }) => kind !== 'outcome') && <p className="mt-1.5 text-quiet">Its outcome is still open.</p>}
    </section>
  );
}

function Origins({ record }: { readonly record: DecisionDetail }) {
  const rows = [
    ['Triggering event', record.triggerEventId],
    ['Experiment', `${record.experimentId}, epoch ${record.epoch}`],
    ['Model', record.versions.model],
    ['Features', record.versions.features],
    ['Policy', record.versions.policy],
  ] as const;
  return (
    <>
      <h3 className="mt-7 font-semibold">Made with</h3>
      <dl className="mt-2 grid grid-cols-[9rem_1fr] gap-y-1.5">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-quiet">{name}</dt>
            <dd className="break-all">{value === '' ? '–' : value}</dd>
          </div>
        ))}
      </dl>
      <details className="mt-5">
        <summary className="text-quiet">Input of the model: {record.features.length} numbers</summary>
        <p className="mt-2 rounded-lg bg-faint p-3 font-mono text-xs leading-relaxed break-words">{record.features.map((value) => (value === null ? '–' : Number(value.toFixed(4)))).join('  ')}</p>
      </details>
    </>
  );
}
