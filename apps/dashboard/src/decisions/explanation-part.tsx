import type { DecisionExplanation, ExplainedScore } from '@sp/contracts';
import { formatPercent } from '../words/numbers';

/** What made the scores, and what would have been otherwise. */
export function ExplanationPart({ explanation }: { readonly explanation: DecisionExplanation }) {
  const { scores, scoresMissing, counterfactuals } = explanation;
  return (
    <>
      {counterfactuals.length > 0 && (
        <section aria-label="Otherwise">
          <h3 className="mt-7 font-semibold">Otherwise</h3>
          <ul className="mt-2 grid gap-1.5">{counterfactuals.map(({ without, words }) => <li key={without}>{words}</li>)}</ul>
        </section>
      )}
      <section aria-label="What made the scores">
        <h3 className="mt-7 font-semibold">What made the scores</h3>
        {scoresMissing !== undefined && <p className="mt-2 text-quiet">{scoresMissing}</p>}
        {scores.slice(0, 3).map((score, index) => <Score key={`${index}-${score.campaignId}`} score={score} />)}
      </section>
    </>
  );
}

/** In log-odds: the mean of all, then each feature's own part; exact, so that they add up. */
function Score({ score }: { readonly score: ExplainedScore }) {
  const { campaignId, terms, chosen, conversion, biasLogOdds, contributions, restLogOdds, marginLogOdds } = score;
  const rows = [
    { name: 'the mean of all', logOdds: biasLogOdds },
    ...contributions.map(({ feature, value, logOdds }) => ({ name: `${feature} = ${value === null ? 'not known' : Number(value.toFixed(3))}`, logOdds })),
    { name: 'all other features', logOdds: restLogOdds },
  ];
  return (
    <div className="mt-3">
      <p>
        {campaignId}, {terms.discountPercent} %{chosen ? ', chosen' : ''}: {formatPercent(conversion)}
      </p>
      <dl className="mt-1 grid grid-cols-[5rem_minmax(0,1fr)] gap-x-3 tabular-nums">
        {rows.map(({ name, logOdds }) => (
          <div key={name} className="contents">
            <dd className={`text-right ${logOdds < 0 ? 'text-bad' : 'text-good'}`}>{signed(logOdds)}</dd>
            <dt className="break-all text-quiet">{name}</dt>
          </div>
        ))}
        <dd className="text-right font-medium">{signed(marginLogOdds)}</dd>
        <dt>together, in log-odds</dt>
      </dl>
    </div>
  );
}

function signed(value: number): string {
  return `${value < 0 ? '\u2212' : '+'}${Math.abs(value).toFixed(2)}`;
}
