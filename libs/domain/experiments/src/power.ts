import normal from '@stdlib/stats-base-dists-normal';
import { unknown, type Estimate } from './estimate';

export interface FixedDesign {
  /** Standard deviation of the metric between clients; `treatedStandardDeviation` where the arms differ. */
  readonly standardDeviation: number;
  readonly treatedStandardDeviation?: number;
  readonly alpha?: number;
}

/** Standard errors that a two-sided test needs the effect to be away from zero. */
function distance(alpha: number, power: number): number {
  return normal.quantile(1 - alpha / 2, 0, 1) + normal.quantile(power, 0, 1);
}

function perClient({ standardDeviation, treatedStandardDeviation = standardDeviation }: FixedDesign): { control: number; treated: number } {
  return { control: standardDeviation ** 2, treated: treatedStandardDeviation ** 2 };
}

/** The smallest absolute difference that a two-sided z test at one look finds with the given power. */
export function minimumDetectableEffect(design: FixedDesign & { readonly controlClients: number; readonly treatedClients: number; readonly power?: number }): Estimate<{ readonly effect: number }> {
  const { controlClients, treatedClients, alpha = 0.05, power = 0.8 } = design;
  if (!(controlClients >= 2 && treatedClients >= 2)) return unknown('too-few-observations');
  const { control, treated } = perClient(design);
  if (!(control + treated > 0)) return unknown('no-variance');
  return { known: true, effect: distance(alpha, power) * Math.sqrt(control / controlClients + treated / treatedClients) };
}

/** Clients that each arm needs (rounded up); `allocation` is the treated arm's clients to one of the control. */
export function sampleSize(design: FixedDesign & { readonly effect: number; readonly power?: number; readonly allocation?: number }): Estimate<{ readonly controlClients: number; readonly treatedClients: number }> {
  const { effect, alpha = 0.05, power = 0.8, allocation = 1 } = design;
  const { control, treated } = perClient(design);
  if (!(control + treated > 0)) return unknown('no-variance');
  if (effect === 0 || !Number.isFinite(effect) || !(allocation > 0)) return unknown('inconsistent-counts');
  const clients = (distance(alpha, power) / effect) ** 2 * (control + treated / allocation);
  return { known: true, controlClients: Math.ceil(clients), treatedClients: Math.ceil(clients * allocation) };
}

/** Chance that the two-sided z test at one look calls the effect, on either side. */
export function powerOf(design: FixedDesign & { readonly effect: number; readonly controlClients: number; readonly treatedClients: number }): Estimate<{ readonly power: number }> {
  const { effect, controlClients, treatedClients, alpha = 0.05 } = design;
  if (!(controlClients >= 2 && treatedClients >= 2)) return unknown('too-few-observations');
  const { control, treated } = perClient(design);
  if (!(control + treated > 0)) return unknown('no-variance');
  const shift = effect / Math.sqrt(control / controlClients + treated / treatedClients);
  const bound = normal.quantile(1 - alpha / 2, 0, 1);
  return { known: true, power: normal.cdf(shift - bound, 0, 1) + normal.cdf(-shift - bound, 0, 1) };
}
