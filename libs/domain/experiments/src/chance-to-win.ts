import betainc from '@stdlib/math-base-special-betainc';
import betaDistribution from '@stdlib/stats-base-dists-beta';
import normal from '@stdlib/stats-base-dists-normal';
import { degeneracy, unknown, type Estimate, type Sample } from './estimate';
import type { Proportion } from './proportions-difference';

export interface ChanceToWin {
  /** Posterior probability that the second arm's value is above the first's. A 0.5 says nothing; not corrected for looking often. */
  readonly chance: number;
  /** Posterior mean of what is lost if the second arm is chosen and is the worse one; in units of the metric. */
  readonly expectedLoss: number;
}

/** Of means, by the normal approximation with a flat prior: the difference is N(observed, standard error). */
export function chanceToWinMeans(control: Sample, treated: Sample): Estimate<ChanceToWin> {
  const reason = degeneracy(control, treated);
  if (reason) return unknown(reason);
  const difference = treated.mean - control.mean;
  const error = Math.sqrt(control.variance / control.n + treated.variance / treated.n);
  const z = difference / error;
  return { known: true, chance: normal.cdf(z, 0, 1), expectedLoss: error * normal.pdf(z, 0, 1) - difference * normal.cdf(-z, 0, 1) };
}

interface Beta {
  readonly a: number;
  readonly b: number;
}

/** Of proportions, with a Beta prior (uniform by default); by numerical integration, exact to about ten digits. */
export function chanceToWinProportions(control: Proportion, treated: Proportion, prior: Beta = { a: 1, b: 1 }): Estimate<ChanceToWin> {
  if ([control, treated].some(({ n }) => !(n > 0))) return unknown('too-few-observations');
  if ([control, treated].some(({ n, successes }) => !(successes >= 0 && successes <= n)) || !(prior.a > 0 && prior.b > 0)) return unknown('inconsistent-counts');
  const [a, b] = [posterior(control, prior), posterior(treated, prior)];
  // E max(A - B, 0) = E A P(A' > B) - E B P(A > B'), where ' has one success more.
  const lost = meanOf(a) * chanceAbove(b, { a: a.a + 1, b: a.b }) - meanOf(b) * chanceAbove({ a: b.a + 1, b: b.b }, a);
  return { known: true, chance: chanceAbove(a, b), expectedLoss: Math.max(0, lost) };
}

function posterior({ n, successes }: Proportion, prior: Beta): Beta {
  return { a: prior.a + successes, b: prior.b + n - successes };
}

function meanOf({ a, b }: Beta): number {
  return a / (a + b);
}

/** P(second > first) = integral of pdf(second) cdf(first), by Simpson's rule over all but 1e-13 of the second's mass. */
function chanceAbove(first: Beta, second: Beta): number {
  const panels = 4000;
  const [low, high] = [betaDistribution.quantile(1e-13, second.a, second.b), betaDistribution.quantile(1 - 1e-13, second.a, second.b)];
  const step = (high - low) / panels;
  let sum = 0;
  let mass = 0;
  for (let i = 0; i <= panels; i += 1) {
    const x = Math.min(1, low + i * step);
    const weight = i === 0 || i === panels ? 1 : i % 2 === 1 ? 4 : 2;
    const density = Math.exp(betaDistribution.logpdf(x, second.a, second.b));
    if (!Number.isFinite(density)) continue;
    mass += weight * density;
    sum += weight * density * betainc(x, first.a, first.b, true, false);
  }
  return mass > 0 ? sum / mass : 0.5;
}
