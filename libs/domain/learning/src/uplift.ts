/** Rows of a randomised trial: what was earned, whether the row was treated, and the score by which it would be chosen. */
export interface UpliftRows {
  readonly scores: Float64Array;
  readonly outcomes: Float64Array;
  /** 1 treated, 0 not; assigned at random. */
  readonly treated: Uint8Array;
}

export interface QiniPoint {
  /** Share of the rows, best scores first. */
  readonly share: number;
  /** What treating just these would earn more than treating nobody, a row of all rows. */
  readonly gain: number;
}

export interface Qini {
  readonly curve: readonly QiniPoint[];
  /** Area between the curve and the straight line of a random order; 0 for a useless score. */
  readonly coefficient: number;
  /** Gain of treating everybody: the average effect. */
  readonly gainOfAll: number;
}

/**
 * Qini curve (Radcliffe 2007), with the untreated of the same share scaled to the number of the treated:
 * gain(k) = [sum of treated outcomes - sum of untreated outcomes x treated / untreated] x rows / treated / all rows.
 * Scores of equal value are taken in one step.
 */
export function qini({ scores, outcomes, treated }: UpliftRows, points = 100): Qini {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  const curve: QiniPoint[] = [{ share: 0, gain: 0 }];
  let lastShown = 0;
  const sums = { treated: 0, untreated: 0, ofTreated: 0, ofUntreated: 0 };
  order.forEach((row, place) => {
    const outcome = outcomes[row] ?? 0;
    if (treated[row] === 1) [sums.treated, sums.ofTreated] = [sums.treated + 1, sums.ofTreated + outcome];
    else [sums.untreated, sums.ofUntreated] = [sums.untreated + 1, sums.ofUntreated + outcome];
    const isLast = place === order.length - 1;
    if (!isLast && (place + 1 - lastShown < order.length / points || scores[order[place + 1] ?? 0] === scores[row])) return;
    if (sums.treated === 0 || sums.untreated === 0) return;
    lastShown = place + 1;
    const effect = sums.ofTreated / sums.treated - sums.ofUntreated / sums.untreated;
    curve.push({ share: (place + 1) / order.length, gain: (effect * (place + 1)) / order.length });
  });
  const gainOfAll = curve.at(-1)?.gain ?? 0;
  return { curve, gainOfAll, coefficient: areaOf(curve) - gainOfAll / 2 };
}

/** Effect a row among the best `share` of the scores: mean of the treated minus mean of the untreated. Null where one is absent. */
export function upliftAt({ scores, outcomes, treated }: UpliftRows, share: number): number | null {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0)).slice(0, Math.max(1, Math.round(share * scores.length)));
  const [ofTreated, ofUntreated] = [1, 0].map((arm) => {
    const rows = order.filter((row) => treated[row] === arm);
    return rows.length === 0 ? null : rows.reduce((sum, row) => sum + (outcomes[row] ?? 0), 0) / rows.length;
  });
  return ofTreated === null || ofUntreated === null ? null : (ofTreated ?? 0) - (ofUntreated ?? 0);
}

function areaOf(curve: readonly QiniPoint[]): number {
  let area = 0;
  for (let place = 1; place < curve.length; place += 1) {
    const [a, b] = [curve[place - 1]!, curve[place]!];
    area += ((a.gain + b.gain) / 2) * (b.share - a.share);
  }
  return area;
}
