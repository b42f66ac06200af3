import type { ConsideredCandidate, DecisionDetail } from '@sp/contracts';
import { removalWords, retrievalWords, termsInWords, wordsOf } from '../words/decisions';
import { formatMoney } from '../words/money';
import { formatPercent } from '../words/numbers';

/** Every candidate, the chosen one first, then by value; each with what removed it. */
export function ConsideredTable({ record }: { readonly record: DecisionDetail }) {
  if (record.considered.length === 0) return null;
  const currency = record.offer?.currency;
  return (
    <>
      <h3 className="mt-7 font-semibold">What was considered</h3>
      <div className="mt-2 -mx-2 overflow-x-auto">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Offer</th>
              <th scope="col">Came up as</th>
              <th scope="col" className="text-right">P(redeem)</th>
              <th scope="col" className="text-right">Worth</th>
              <th scope="col">Result</th>
            </tr>
          </thead>
          <tbody>
            {ranked(record).map((candidate, index) => (
              <Candidate key={`${index}-${candidate.campaignId}`} candidate={candidate} currency={currency} chosen={isChosen(candidate, record)} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Candidate({ candidate, currency, chosen }: { readonly candidate: ConsideredCandidate; readonly currency: string | undefined; readonly chosen: boolean }) {
  return (
    <tr className={chosen ? 'bg-faint font-medium' : ''}>
      <td>
        {candidate.merchantId}
        <span className="label block font-normal">{termsInWords(candidate.terms, currency)}</span>
      </td>
      <td>{wordsOf(retrievalWords, candidate.retrievedBy)}</td>
      <td className="text-right">{formatPercent(candidate.conversion)}</td>
      <td className="text-right whitespace-nowrap">{currency ? formatMoney(candidate.valueMinor, currency) : Math.round(candidate.valueMinor)}</td>
      <td className={chosen ? 'text-good' : 'text-quiet'}>{resultOf(candidate, chosen)}</td>
    </tr>
  );
}

function resultOf(candidate: ConsideredCandidate, chosen: boolean): string {
  if (candidate.removedBy) return `${wordsOf(removalWords, candidate.removedBy)}${findingWords(candidate)}`;
  return chosen ? 'chosen' : 'stayed';
}

/** What the rule found against what it wants; of worth the table says it already. */
function findingWords({ finding, removedBy }: ConsideredCandidate): string {
  if (!finding || removedBy === 'lost-on-value' || removedBy === 'not-drawn' || removedBy === 'value-not-positive') return '';
  return ` (${String(finding.value)}; the rule: ${String(finding.threshold)})`;
}

function isChosen(candidate: ConsideredCandidate, record: DecisionDetail): boolean {
  return candidate.removedBy === undefined && record.outcome !== 'none';
}

function ranked(record: DecisionDetail): readonly ConsideredCandidate[] {
  return [...record.considered].sort((a, b) => Number(isChosen(b, record)) - Number(isChosen(a, record)) || b.valueMinor - a.valueMinor);
}
