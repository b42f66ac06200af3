import type { Figure } from '@sp/contracts';
import { gapWords } from '../words/verdicts';

/** A figure over its interval, or why there is none. */
export function FigureInWords({ figure, said }: { readonly figure: Figure; readonly said: (value: number) => string }) {
  if (!figure.known) return <span className="text-quiet">{gapWords[figure.reason]}</span>;
  return (
    <>
      {said(figure.value)}
      <span className="label block whitespace-nowrap">{said(figure.low)} … {said(figure.high)}</span>
    </>
  );
}
