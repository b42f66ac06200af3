import type { ConsideredCandidate, Counterfactual, DecisionExplanation, DecisionRecord, ExplainedScore } from '@sp/contracts';
import { decide, type DecisionInput } from './decide';
import { vectorOf, inputFromRecord } from './decision-inputs';
import { decisionWords, loserWords, money, offerWords, reasonWords } from './decision-words';
import { contributionsOf, type TreeEnsemble } from './tree-contributions';

export interface ExplainingModel {
  readonly trees: TreeEnsemble;
  readonly featureNames: readonly string[];
}

const shownContributions = 6;
const shownScores = 5;
/** What chance or worth decided is no rule that could be left out. */
const noRules: ReadonlySet<string> = new Set(['lost-on-value', 'not-drawn', 'value-not-positive']);

/** "Why did this client get this offer, or none?", from the record alone; and from the model that it cites, what made the scores. */
export function explainDecision(record: DecisionRecord, model?: ExplainingModel): DecisionExplanation {
  const ranked = [...record.considered].sort((a, b) => Number(isChosen(b, record)) - Number(isChosen(a, record)) || b.valueMinor - a.valueMinor);
  return {
    words: decisionWords(record),
    losers: ranked.filter((candidate) => !isChosen(candidate, record)).map(loserWords),
    scores: model ? explainScores(record, ranked, model) : [],
    counterfactuals: counterfactualsOf(record, ranked),
  };
}

/** The best terms of each campaign, the chosen one first. */
function explainScores(record: DecisionRecord, ranked: readonly ConsideredCandidate[], model: ExplainingModel): ExplainedScore[] {
  const best = new Map<string, ConsideredCandidate>();
  for (const candidate of ranked) if (candidate.features && !best.has(candidate.campaignId)) best.set(candidate.campaignId, candidate);
  const vector = vectorOf(record);
  return [...best.values()].slice(0, shownScores).map((candidate) => explainScore(candidate, [...vector, ...candidate.features!.map((value: number | null) => value ?? NaN)], isChosen(candidate, record), model));
}

function explainScore({ campaignId, merchantId, terms, conversion }: ConsideredCandidate, row: readonly number[], chosen: boolean, { trees, featureNames }: ExplainingModel): ExplainedScore {
  const { bias, byFeature } = contributionsOf(trees, row);
  const all = [...byFeature].map((logOdds, column) => ({ feature: featureNames[column] ?? `feature ${column}`, value: Number.isNaN(row[column]!) ? null : row[column]!, logOdds }));
  const contributions = all.filter(({ logOdds }) => logOdds !== 0).sort((a, b) => Math.abs(b.logOdds) - Math.abs(a.logOdds)).slice(0, shownContributions);
  const sum = (parts: readonly { readonly logOdds: number }[]): number => parts.reduce((total, { logOdds }) => total + logOdds, 0);
  return {
    campaignId, merchantId, terms, chosen, conversion, contributions,
    marginLogOdds: bias + sum(all), biasLogOdds: bias, restLogOdds: sum(all) - sum(contributions),
  };
}

/** The pure decision once more, each time without one of the rules that stood in the way; and, where chance decided, without chance. */
function counterfactualsOf(record: DecisionRecord, ranked: readonly ConsideredCandidate[]): Counterfactual[] {
  const input = inputFromRecord(record);
  if (!input) return [];
  const rules = [...(record.barrier ? [record.reason] : []), ...ranked.flatMap(({ removedBy }) => (removedBy && !noRules.has(removedBy) ? [removedBy] : []))];
  const without = (rule: string, over: Partial<DecisionInput>): Counterfactual => counterfactual(rule, decide({ ...input, ...over }).record);
  const byRule = [...new Set<string>(rules)].filter((rule) => rule !== 'no-candidates').map((rule) => without(rule, { relaxed: new Set([rule]) }));
  if (!record.exploration || record.arm === 'random') return byRule;
  const { policy } = input;
  return [...byRule, without('exploration', { policy: { ...policy, exploration: { ...policy.exploration, share: 0, newcomerShare: 0 } } })];
}

function counterfactual(without: string, { outcome, reason, offer, valueMinor, considered }: DecisionRecord): Counterfactual {
  const found = offer && { campaignId: offer.campaignId, merchantId: offer.merchantId, terms: offer.terms };
  const currency = offer?.currency ?? considered[0]?.currency;
  const then = offer ? `offer ${offerWords(offer, currency)}, worth ${money(valueMinor, currency)}` : `still no offer: ${reasonWords(reason)}`;
  return { without, outcome, reason, ...found, valueMinor, words: `Without ${ruleWords(without)}: ${then}` };
}

function ruleWords(rule: string): string {
  return rule === 'exploration' ? 'the draw' : `the rule "${rule}"`;
}

function isChosen({ removedBy }: ConsideredCandidate, { outcome }: DecisionRecord): boolean {
  return removedBy === undefined && outcome !== 'none';
}
