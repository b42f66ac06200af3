import type { ArmPolicy, DecisionScoredData, ScoredCandidate } from '@sp/contracts';
import { correctionOf, type BanditRows } from './bandit';
import { noModelVersion, rulesVersion } from './decide';

/** Predicted and real redemptions over all partitions, as they stand at this place of the log. */
export interface OfferAnswers {
  /** 0 before there is one. */
  readonly version: number;
  readonly row: BanditRows;
}

/** More certain than this nobody is. */
const highestConversion = 0.99;

/**
 * The model's P(redemption), corrected by what has become of its offers lately: in the arms that choose by it (the holdout's ghosts are chosen
 * as the model's offers are). The factor stands in the record beside the result.
 */
export function correctScores(scored: DecisionScoredData, { arm, timeMs, answers }: { readonly arm: ArmPolicy; readonly timeMs: number; readonly answers: OfferAnswers }): DecisionScoredData {
  const { modelVersion, profile } = scored;
  if (answers.version === 0 || modelVersion === noModelVersion || modelVersion === rulesVersion || (arm !== 'model' && arm !== 'holdout')) return scored;
  const known = new Map<string, number>();
  const factorOf = ({ campaignId, terms: { validityDays } }: ScoredCandidate): number => {
    const key = `${campaignId}|${validityDays}`;
    const factor = known.get(key) ?? correctionOf({ campaignId, segment: profile.segment, modelVersion }, { timeMs, validityDays }, (id) => answers.row(id)).factor;
    known.set(key, factor);
    return factor;
  };
  return { ...scored, candidates: scored.candidates.map((candidate) => corrected(candidate, factorOf(candidate))) };
}

function corrected(candidate: ScoredCandidate, factor: number): ScoredCandidate {
  if (factor === 1 || candidate.conversion === 0) return candidate;
  const conversion = candidate.conversion * factor;
  return conversion <= highestConversion ? { ...candidate, conversion, correction: factor } : { ...candidate, conversion: highestConversion, correction: highestConversion / candidate.conversion };
}
