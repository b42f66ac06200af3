/** One offer as it stands now; times are event time. */
export interface RunningOffer {
  /** What the model gave it. */
  readonly probability: number;
  /** Since it was made. */
  readonly ageMs: number;
  /** From the offer to its conversion, where it has converted. */
  readonly delayMs?: number;
}

export interface ConversionsSoFar {
  readonly offers: number;
  /** Of those that should have come by now, by the model. */
  readonly expected: number;
  readonly observed: number;
  /** Of the observed number, if the model were right. */
  readonly sd: number;
}

const stepMs = 6 * 3_600_000;

/**
 * How much of an offer's conversions has come by an age: the discrete hazard of all offers that were still open at it (Kaplan and Meier
 * 1958), so that young ones teach about their youth and nothing waits for a label to ripen. `share` is 1 from the greatest age on.
 */
export class ConversionClock {
  private readonly arrived: number[] = [];

  constructor(offers: readonly RunningOffer[]) {
    const steps = 1 + Math.max(0, ...offers.map(({ ageMs }) => Math.floor(ageMs / stepMs)));
    const [risk, converted] = [new Float64Array(steps + 1), new Float64Array(steps + 1)];
    for (const { ageMs, delayMs } of offers) {
      const left = Math.floor(Math.min(ageMs, delayMs ?? Infinity) / stepMs);
      for (let step = 0; step <= left; step++) risk[step]!++;
      if (delayMs !== undefined && delayMs <= ageMs) converted[left]!++;
    }
    let open = 1;
    for (let step = 0; step < steps; step++) {
      open *= 1 - (converted[step] ?? 0) / Math.max(1, risk[step] ?? 0);
      this.arrived.push(1 - open);
    }
  }

  share(ageMs: number): number {
    const all = this.arrived.at(-1) ?? 0;
    if (all === 0) return 1;
    return (this.arrived[Math.min(this.arrived.length - 1, Math.floor(ageMs / stepMs))] ?? 0) / all;
  }
}

/** What the model's probabilities come to so far, and what has come: to be compared before the labels are ripe. */
export function conversionsSoFar(offers: readonly RunningOffer[], clock: ConversionClock): ConversionsSoFar {
  let [expected, variance, observed] = [0, 0, 0];
  for (const { probability, ageMs, delayMs } of offers) {
    const due = probability * clock.share(ageMs);
    expected += due;
    variance += due * (1 - due);
    if (delayMs !== undefined && delayMs <= ageMs) observed++;
  }
  return { offers: offers.length, expected, observed, sd: Math.sqrt(variance) };
}

export interface CalibrationOptions {
  readonly falseAlarms: number;
  readonly tests: number;
  /** A ratio nearer to the usual one than this factor is nobody's trouble. */
  readonly leastFactor: number;
}

export const calibrationDefaults: CalibrationOptions = { falseAlarms: 0.01, tests: 1, leastFactor: 1.3 };

export interface CalibrationDrift {
  /** Observed over expected, in this window and usually. */
  readonly ratio: number;
  readonly usual: number;
  readonly z: number;
  readonly drifted: boolean;
}

/** Below so many conversions on the larger side nothing is said. */
const leastConversions = 20;

/**
 * Do fewer or more convert than the model says, beside what was usual of it? The usual ratio's own uncertainty counts; where there is no past,
 * the model is taken at its word.
 */
export function calibrationDrift(now: ConversionsSoFar, past: ConversionsSoFar | undefined, { falseAlarms, tests, leastFactor }: CalibrationOptions = calibrationDefaults): CalibrationDrift {
  const known = past !== undefined && past.observed >= leastConversions;
  const usual = known ? past.observed / past.expected : 1;
  const due = usual * now.expected;
  const variance = now.sd ** 2 * usual + (known ? due ** 2 / past.observed : 0);
  const z = variance > 0 ? (now.observed - due) / Math.sqrt(variance) : 0;
  const ratio = now.expected > 0 ? now.observed / now.expected : 1;
  const factor = Math.max(ratio / usual, usual / Math.max(ratio, 1e-9));
  return { ratio, usual, z, drifted: Math.max(now.observed, due) >= leastConversions && factor >= leastFactor && Math.abs(z) > normalQuantile(falseAlarms / tests) };
}

/** z that is exceeded on either side with this chance: by the tail's asymptotic form, exact to 0.01 below one in twenty. */
function normalQuantile(chance: number): number {
  const t = Math.sqrt(-2 * Math.log(chance / 2));
  // Abramowitz and Stegun 26.2.23.
  return t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3);
}
