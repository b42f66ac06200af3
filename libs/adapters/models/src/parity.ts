import type { Booster, Parity } from '@sp/learning';
import { openScorer } from './scorer';

/** Above this the export is wrong somewhere; a right one agrees within 6e-7, the rounding of float sums. */
export const MAXIMUM_DIFFERENCE = 1e-5;

/** The exported model does not say what the trained one says; it must not be stored. */
export class ParityError extends Error {
  override readonly name = 'ParityError';

  constructor(
    readonly parity: Parity,
    readonly worstRow: number,
  ) {
    super(`exported and trained model differ by ${parity.maximumDifference} on row ${worstRow} of ${parity.rows}; at most ${MAXIMUM_DIFFERENCE} is allowed`);
  }
}

export interface ParityCheck {
  readonly booster: Pick<Booster, 'predict'>;
  readonly model: Uint8Array;
  readonly features: Float32Array;
  /** A thousand are enough; rows with missing values should be among them. */
  readonly rows: number;
}

/** Predicts the rows by both. Throws ParityError above MAXIMUM_DIFFERENCE. */
export async function checkParity({ booster, model, features, rows }: ParityCheck): Promise<Parity> {
  const scorer = await openScorer({ model, threads: 0 });
  try {
    return compare(booster.predict(features, rows), await scorer.score(features, rows));
  } finally {
    await scorer.close();
  }
}

function compare(trained: Float32Array, exported: Float32Array): Parity {
  let worst = { row: 0, difference: 0 };
  trained.forEach((probability, row) => {
    const difference = Math.abs(probability - (exported[row] ?? NaN));
    // Written so that a NaN counts as the worst of all.
    if (!(difference <= worst.difference)) worst = { row, difference: Number.isNaN(difference) ? Infinity : difference };
  });
  const parity = { rows: trained.length, maximumDifference: worst.difference };
  if (worst.difference > MAXIMUM_DIFFERENCE) throw new ParityError(parity, worst.row);
  return parity;
}
