export interface Overfitting {
  readonly trainAuc: number;
  readonly crossValidationAuc: number;
  readonly testAuc: number | null;
  readonly verdict: 'sound' | 'over-fitted' | 'does-not-last' | 'not-judged';
  /** For a reader, with the figures. */
  readonly text: string;
}

/** Trees know their own rows better than others; beyond this the difference is memory and not skill. */
const MEMORY = 0.15;

/**
 * Cross-validation far below the train part: the model remembers its rows. The later test part below cross-validation by more than
 * its own uncertainty: what was learned does not last, and retraining matters more than the model.
 */
export function judgeOverfitting({ trainAuc, crossValidationAuc, testAuc, testPositives, testRows }: {
  readonly trainAuc: number; readonly crossValidationAuc: number; readonly testAuc: number | null; readonly testPositives: number; readonly testRows: number;
}): Overfitting {
  const figures = { trainAuc, crossValidationAuc, testAuc };
  if (testAuc === null) return { ...figures, verdict: 'not-judged', text: 'the test part holds one class only' };
  const noise = 2 * aucStandardError(testAuc, testPositives, testRows - testPositives);
  const said = `ROC AUC ${trainAuc.toFixed(3)} on the train part, ${crossValidationAuc.toFixed(3)} cross-validated, ${testAuc.toFixed(3)} on the later test part (give or take ${noise.toFixed(3)})`;
  if (trainAuc - crossValidationAuc > MEMORY) return { ...figures, verdict: 'over-fitted', text: `${said}: it remembers its own rows; choose a stiffer candidate` };
  if (crossValidationAuc - testAuc > noise) return { ...figures, verdict: 'does-not-last', text: `${said}: later rows follow another rule; retrain often, and trust the test part` };
  return { ...figures, verdict: 'sound', text: `${said}: no sign of over-fitting` };
}

/** Hanley and McNeil 1982. */
export function aucStandardError(auc: number, positives: number, negatives: number): number {
  const q1 = auc / (2 - auc);
  const q2 = (2 * auc * auc) / (1 + auc);
  return Math.sqrt((auc * (1 - auc) + (positives - 1) * (q1 - auc * auc) + (negatives - 1) * (q2 - auc * auc)) / (positives * negatives));
}
