/**
 * The P² estimate of one quantile in constant space (Jain and Chlamtac 1985): five markers whose heights are moved by parabolas.
 * Plain data, so that it can be stored.
 */
export interface QuantileEstimate {
  readonly probability: number;
  count: number;
  readonly heights: number[];
  readonly positions: number[];
}

export function emptyEstimate(probability: number): QuantileEstimate {
  return { probability, count: 0, heights: [], positions: [1, 2, 3, 4, 5] };
}

export function addTo(estimate: QuantileEstimate, value: number): void {
  const { heights, positions, probability } = estimate;
  estimate.count++;
  if (heights.length < 5) {
    heights.push(value);
    heights.sort((a, b) => a - b);
    return;
  }
  const cell = cellOf(heights, value);
  for (let marker = cell + 1; marker < 5; marker++) positions[marker]!++;
  const wanted = [0, probability / 2, probability, (1 + probability) / 2, 1];
  for (const marker of [1, 2, 3]) adjust(estimate, marker, 1 + (estimate.count - 1) * wanted[marker]!);
}

/** NaN before the first value. */
export function valueOf({ heights, probability }: QuantileEstimate): number {
  if (heights.length === 0) return NaN;
  return heights.length < 5 ? heights[Math.min(heights.length - 1, Math.floor(probability * heights.length))]! : heights[2]!;
}

/** The cell that the value falls into; a new least or greatest one moves the end. */
function cellOf(heights: number[], value: number): number {
  if (value < heights[0]!) heights[0] = value;
  if (value >= heights[4]!) heights[4] = value;
  return Math.max(0, Math.min(3, heights.findLastIndex((height) => height <= value)));
}

function adjust({ heights, positions }: QuantileEstimate, marker: number, wanted: number): void {
  const distance = wanted - positions[marker]!;
  const [left, here, right] = [positions[marker - 1]!, positions[marker]!, positions[marker + 1]!];
  if (!((distance >= 1 && right - here > 1) || (distance <= -1 && left - here < -1))) return;
  const step = distance > 0 ? 1 : -1;
  const height = parabola(heights, positions, marker, step);
  heights[marker] = heights[marker - 1]! < height && height < heights[marker + 1]! ? height : line(heights, positions, marker, step);
  positions[marker]! += step;
}

function parabola(heights: readonly number[], positions: readonly number[], marker: number, step: number): number {
  const [l, h, r] = [positions[marker - 1]!, positions[marker]!, positions[marker + 1]!];
  const [low, mid, high] = [heights[marker - 1]!, heights[marker]!, heights[marker + 1]!];
  return mid + (step / (r - l)) * (((h - l + step) * (high - mid)) / (r - h) + ((r - h - step) * (mid - low)) / (h - l));
}

function line(heights: readonly number[], positions: readonly number[], marker: number, step: number): number {
  return heights[marker]! + (step * (heights[marker + step]! - heights[marker]!)) / (positions[marker + step]! - positions[marker]!);
}
