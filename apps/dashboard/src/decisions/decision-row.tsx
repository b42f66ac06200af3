import type { DecisionSummary } from '@sp/contracts';
import { armWords, outcomeWords, reasonWords, triggerWords, wordsOf } from '../words/decisions';
import { formatMoment } from '../words/time';

/** The whole row opens the panel for a pointer; its button does for everybody. */
export function DecisionRow({ decision, onOpen }: { readonly decision: DecisionSummary; readonly onOpen: (decisionId: string) => void }) {
  const open = (): void => onOpen(decision.decisionId);
  return (
    <tr className="cursor-pointer hover:bg-faint" onClick={open}>
      <td className="whitespace-nowrap text-quiet">{formatMoment(decision.timeMs)}</td>
      <td className="max-w-40 truncate whitespace-nowrap">{decision.clientId}</td>
      <td>
        <button type="button" className="text-left underline decoration-line underline-offset-3 hover:decoration-current" onClick={open}>
          {headline(decision)}
        </button>
      </td>
      <td>{triggerWords(decision.trigger)}</td>
      <td className="text-quiet">{armWords[decision.arm].name}</td>
    </tr>
  );
}

function headline({ outcome, reason, terms, merchantId }: DecisionSummary): string {
  if (outcome === 'none') return `No offer: ${wordsOf(reasonWords, reason)}`;
  const offer = terms ? `${terms.discountPercent} % at ${merchantId ?? 'a merchant'}` : outcomeWords[outcome];
  return outcome === 'ghost' ? `Would have been ${offer}` : offer;
}
