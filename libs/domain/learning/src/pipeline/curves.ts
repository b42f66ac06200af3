export interface CurvePoint {
  readonly x: number;
  readonly y: number;
}

export interface Curves {
  /** x: share of the negatives that are taken, y: share of the positives. */
  readonly roc: readonly CurvePoint[];
  /** x: recall, y: precision. */
  readonly precisionRecall: readonly CurvePoint[];
}

/** Both curves over all thresholds, thinned to about `points`; rows of the same score are taken together. */
export function curvesOf(labels: Float32Array, scores: Float32Array, points = 200): Curves {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const negatives = labels.length - positives;
  const roc: CurvePoint[] = [{ x: 0, y: 0 }];
  const precisionRecall: CurvePoint[] = [];
  let hits = 0;
  let lastShown = 0;
  order.forEach((row, place) => {
    hits += labels[row] ?? 0;
    const isLast = place === order.length - 1;
    if (!isLast && (scores[order[place + 1] ?? 0] === scores[row] || place - lastShown < order.length / points)) return;
    lastShown = place;
    roc.push({ x: (place + 1 - hits) / Math.max(1, negatives), y: hits / Math.max(1, positives) });
    precisionRecall.push({ x: hits / Math.max(1, positives), y: hits / (place + 1) });
  });
  return { roc, precisionRecall };
}
