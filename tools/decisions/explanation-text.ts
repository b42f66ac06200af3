import type { DecisionDetail, DecisionExplanation, ExplainedScore } from '@sp/contracts';
import type { Recomputed } from './recompute';

const shownLosers = 12;

/** The explanation for a terminal. */
export function explanationText({ decisionId, timeMs, explanation }: DecisionDetail): string {
  if (!explanation) return `${decisionId}: the monitor gave no explanation`;
  return [`Decision ${decisionId} of ${new Date(timeMs).toISOString()}`, ...explanation.words.map((line) => `  ${line}`), ...scoresText(explanation), ...losersText(explanation), ...otherwiseText(explanation)].join('\n');
}

export function recomputedText({ fromRecord, fromLog, frames, firstFrame, from }: Recomputed): string {
  const record = { 'same': 'the same decision', 'different': 'ANOTHER DECISION', 'no-inputs': 'the record keeps no inputs (no consent, or an older version)' }[fromRecord];
  const log = {
    'same': `the same decision, over the frames ${from + 1} to ${frames} of the log`,
    'different': 'ANOTHER DECISION',
    'not-found': `the decision is not among the frames ${from + 1} to ${frames} of the log`,
    'other-experiment': 'not possible: the experiment that it cites is not known here, and budgets are divided by its split',
    'log-cut': `not possible: the log is kept from frame ${firstFrame} on, and the state before it is not in it; --state names a copy of the recommender's data folder that stands at frame ${firstFrame - 1} or later, and before the decision`,
  }[fromLog];
  return `\nDecided again\n  from the record's inputs: ${record}\n  by replaying the fold:    ${log}`;
}

function scoresText({ scores, scoresMissing }: DecisionExplanation): string[] {
  if (scoresMissing !== undefined) return ['', scoresMissing];
  return scores.length === 0 ? [] : ['', 'What made the scores (log-odds; bias + features = margin)', ...scores.flatMap(scoreText)];
}

function scoreText({ campaignId, terms, chosen, conversion, marginLogOdds, biasLogOdds, contributions, restLogOdds }: ExplainedScore): string[] {
  const rows = contributions.map(({ feature, value, logOdds }) => `    ${signed(logOdds)}  ${feature} = ${value === null ? 'not known' : Math.round(value * 1000) / 1000}`);
  return [
    `  ${campaignId}, ${terms.discountPercent} %${chosen ? ', chosen' : ''}: P ${(100 * conversion).toFixed(1)} %, margin ${signed(marginLogOdds)}`,
    `    ${signed(biasLogOdds)}  the mean of all`, ...rows, `    ${signed(restLogOdds)}  all other features`,
  ];
}

function losersText({ losers }: DecisionExplanation): string[] {
  const more = losers.length > shownLosers ? [`  and ${losers.length - shownLosers} more (--json shows them)`] : [];
  return losers.length === 0 ? [] : ['', 'What was not chosen', ...losers.slice(0, shownLosers).map((line) => `  ${line}`), ...more];
}

function otherwiseText({ counterfactuals }: DecisionExplanation): string[] {
  return counterfactuals.length === 0 ? [] : ['', 'Otherwise', ...counterfactuals.map(({ words }) => `  ${words}`)];
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;
}
