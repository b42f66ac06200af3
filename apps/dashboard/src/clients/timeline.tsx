import type { DecisionRecord, TimelineEntry } from '@sp/contracts';
import { outcomeWords, reasonWords, wordsOf } from '../words/decisions';
import { formatMoney } from '../words/money';
import { formatMoment } from '../words/time';

/** What happened, one line each; a decision can be opened. */
export function Timeline({ entries, onOpen }: { readonly entries: readonly TimelineEntry[]; readonly onOpen?: (decisionId: string) => void }) {
  return (
    <ol className="grid gap-1.5">
      {entries.map((entry, index) => (
        <li key={`${entry.kind}-${entry.id}-${index}`} className="grid grid-cols-[8.5rem_6rem_minmax(0,1fr)] gap-x-3">
          <span className="text-quiet tabular-nums">{formatMoment(entry.timeMs)}</span>
          <span className="text-quiet">{kindWords[entry.kind]}</span>
          {entry.kind === 'decision' && onOpen ? (
            <button type="button" className="text-left underline decoration-line underline-offset-3 hover:decoration-current" onClick={() => onOpen(entry.id)}>
              {entryWords(entry)}
            </button>
          ) : (
            <span>{entryWords(entry)}</span>
          )}
        </li>
      ))}
    </ol>
  );
}

const kindWords: Readonly<Record<TimelineEntry['kind'], string>> = { purchase: 'Purchase', reversal: 'Taken back', transfer: 'Transfer', cash: 'Cash', decision: 'Decision', response: 'Answer', outcome: 'Outcome' };

function entryWords({ kind, what, merchantId, amountMinor, currency, offerId }: TimelineEntry): string {
  const at = merchantId === '' ? '' : ` at ${merchantId}`;
  if (kind === 'decision') return `${decided(what)}${at}`;
  if (kind === 'response') return `${what.replaceAll('-', ' ')}: ${offerId}`;
  if (kind === 'outcome') return `${what}${at}${what === 'redeemed' ? `, ${formatMoney(amountMinor, currency)} of discount` : ''}`;
  return `${formatMoney(amountMinor, currency)}${at}${offerId === '' ? '' : ', with an offer'}`;
}

/** `none:weekly-cap` in words. */
function decided(what: string): string {
  const [outcome = '', reason = ''] = what.split(':');
  return outcome === 'none' ? `No offer: ${wordsOf(reasonWords, reason)}` : outcomeWords[outcome as DecisionRecord['outcome']];
}
