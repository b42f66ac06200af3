import normal from '@stdlib/stats-base-dists-normal';
import { alphaSpent, quadraticSpending, type AlphaSpending } from './alpha-spending';

export interface GroupSequentialDesign {
  /** Shares of the planned information at each look made so far, ascending, above 0; what lies beyond 1 counts as 1. */
  readonly informationFractions: readonly number[];
  /** Of the whole test: with two sides each has half of it. */
  readonly alpha: number;
  readonly sides?: 1 | 2;
  readonly spending?: AlphaSpending;
}

export interface GroupSequentialLook {
  readonly informationFraction: number;
  /** The test rejects where |z| (or z, with one side) reaches this; infinite where next to nothing may be spent. */
  readonly bound: number;
  /** The p-value, of so many sides as the test has, that belongs to the bound. */
  readonly nominalAlpha: number;
  /** Spent up to and with this look, over all sides. */
  readonly alphaSpent: number;
}

/**
 * Bounds of Lan and DeMets' group-sequential test: at each look the chance to cross for the first time equals what the spending function
 * sets free. Computed by Armitage, McPherson and Rowe's recursion over the score S = z sqrt(t), whose increments are independent
 * (Jennison and Turnbull 2000, chapter 19). Looks need not be planned: a bound depends on the earlier looks alone.
 * @throws RangeError for fractions that are not ascending and above 0
 */
export function groupSequentialBounds({ informationFractions, alpha, sides = 2, spending = quadraticSpending }: GroupSequentialDesign): GroupSequentialLook[] {
  const fractions = informationFractions.map((fraction) => Math.min(1, fraction));
  if (fractions.some((fraction, look) => !(fraction > (look === 0 ? 0 : fractions[look - 1]!)))) throw new RangeError('information fractions must be above 0, ascending, and reach 1 once at most');
  let inside: Grid | undefined;
  let before = 0;
  return fractions.map((fraction, look) => {
    const spent = alphaSpent(fraction, alpha / sides, spending);
    const deviation = Math.sqrt(fraction - (fractions[look - 1] ?? 0));
    const bound = boundFor(inside, deviation, Math.sqrt(fraction), spent - before);
    before = spent;
    const limit = Math.min(bound, widest) * Math.sqrt(fraction);
    const next = Math.sqrt((fractions[look + 1] ?? fraction) - fraction) || deviation;
    inside = stepped(inside, deviation, { low: sides === 2 ? -limit : -widest * Math.sqrt(fraction), high: limit }, Math.min(next, deviation));
    return { informationFraction: fraction, bound, nominalAlpha: sides * normal.cdf(-bound, 0, 1), alphaSpent: sides * spent };
  });
}

export interface GroupSequentialVerdict {
  readonly looks: readonly GroupSequentialLook[];
  /** Index of the first look that crossed; a test that has crossed stays crossed. */
  readonly crossedAt?: number;
  readonly direction: 'higher' | 'lower' | 'none';
}

/** The verdict over the z statistics of the looks so far. */
export function groupSequentialVerdict(z: readonly number[], design: GroupSequentialDesign): GroupSequentialVerdict {
  if (z.length !== design.informationFractions.length) throw new RangeError('one z for each information fraction');
  const looks = groupSequentialBounds(design);
  const crossedAt = looks.findIndex(({ bound }, look) => z[look]! >= bound || (design.sides !== 1 && z[look]! <= -bound));
  if (crossedAt < 0) return { looks, direction: 'none' };
  return { looks, crossedAt, direction: z[crossedAt]! > 0 ? 'higher' : 'lower' };
}

/** Density of the score among the paths that have not crossed, with the weights of Simpson's rule in it. */
interface Grid {
  readonly points: Float64Array;
  readonly mass: Float64Array;
}

/** In standard deviations; beyond it nothing is left that doubles can hold beside 1. */
const widest = 8.5;
const panelsPerDeviation = 8;

/** z at which the chance to cross now is `toSpend`; by bisection, as the chance falls with the bound. */
function boundFor(inside: Grid | undefined, deviation: number, root: number, toSpend: number): number {
  if (!(toSpend > 1e-17)) return Infinity;
  if (!inside) return -normal.quantile(toSpend, 0, 1);
  let [low, high] = [-widest, 2 * widest];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (crossing(inside, deviation, middle * root) > toSpend) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function crossing({ points, mass }: Grid, deviation: number, limit: number): number {
  let sum = 0;
  for (let i = 0; i < points.length; i += 1) if (limit - points[i]! < widest * deviation) sum += mass[i]! * normal.cdf((points[i]! - limit) / deviation, 0, 1);
  return sum;
}

/** The density one look on, on a grid fine enough for the step after it. */
function stepped(inside: Grid | undefined, deviation: number, { low, high }: { low: number; high: number }, finest: number): Grid {
  const panels = 2 * Math.ceil(Math.max(50, ((high - low) / finest) * panelsPerDeviation) / 2);
  const step = (high - low) / panels;
  const points = Float64Array.from({ length: panels + 1 }, (_, i) => low + i * step);
  const mass = points.map((point, i) => densityAt(inside, deviation, point) * (step / 3) * (i === 0 || i === panels ? 1 : i % 2 === 1 ? 4 : 2));
  return { points, mass };
}

function densityAt(inside: Grid | undefined, deviation: number, point: number): number {
  const scale = 1 / (deviation * Math.sqrt(2 * Math.PI));
  if (!inside) return scale * Math.exp(-0.5 * (point / deviation) ** 2);
  const { points, mass } = inside;
  const step = points[1]! - points[0]!;
  const first = Math.max(0, Math.ceil((point - widest * deviation - points[0]!) / step));
  const last = Math.min(points.length - 1, Math.floor((point + widest * deviation - points[0]!) / step));
  let sum = 0;
  for (let i = first; i <= last; i += 1) sum += mass[i]! * Math.exp(-0.5 * ((point - points[i]!) / deviation) ** 2);
  return scale * sum;
}
