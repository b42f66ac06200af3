export interface DiversionOptions {
  /** Standard deviation, in logits, by which honest merchants differ from the calibrated probability. */
  readonly heterogeneity: number;
  /** Shares of the conversions that a diverting merchant takes past the bank; each as likely as the next. */
  readonly shares: readonly number[];
  /** At most this share of honest refusals has such a trace by chance. */
  readonly traceByChance: number;
  /** Shares of diverted payments that leave one. */
  readonly traceIfDiverted: readonly number[];
}

export const diversionDefaults: DiversionOptions = { heterogeneity: 0.35, shares: [0.4, 0.6, 0.8], traceByChance: 0.08, traceIfDiverted: [0.25, 0.5, 0.75] };

/** One accepted offer whose end is known. */
export interface Conversion {
  /** Calibrated, as it was before the end was known. */
  readonly probability: number;
  readonly converted: boolean;
  /** Of one refused: was the client seen to pay about as much in another way at that time? Absent where nobody could have seen it. */
  readonly hasTrace?: boolean;
}

/** Nodes and weights of the normal distribution (Gauss and Hermite, 7 points; Abramowitz and Stegun 25.10). */
const nodes = [-3.7504397, -2.3667594, -1.1544054, 0, 1.1544054, 2.3667594, 3.7504397];
const weights = [0.000548268856, 0.0307571239679, 0.240123178605, 0.457142857143, 0.240123178605, 0.0307571239679, 0.000548268856];

/**
 * Does this merchant take conversions past the bank? A sequential likelihood ratio of "a share is diverted" over "honest, but a merchant of its
 * own": both are mixtures over how the merchant differs from the calibrated probability, so that a merchant whom people simply like less
 * is no suspect. Times the ratio of what refusals leave behind. Under the null its expectation is 1 at whatever moment one looks (an
 * e-process: Ramdas and others 2023), so it may be read every day. Constant memory.
 */
export class DiversionEvidence {
  private readonly honest = new Float64Array(nodes.length);
  private readonly diverting: Float64Array;
  private readonly traces: Float64Array;
  private sums = { offers: 0, expected: 0, converted: 0, traces: 0 };

  constructor(private readonly options: DiversionOptions = diversionDefaults) {
    this.diverting = new Float64Array(nodes.length * options.shares.length);
    this.traces = new Float64Array(options.traceIfDiverted.length);
  }

  see({ probability, converted, hasTrace }: Conversion): void {
    const logit = Math.log(probability / (1 - probability));
    for (const [node, shift] of nodes.entries()) {
      const p = clamped(1 / (1 + Math.exp(-logit - this.options.heterogeneity * shift)));
      this.honest[node]! += Math.log(converted ? p : 1 - p);
      for (const [place, share] of this.options.shares.entries()) this.diverting[place * nodes.length + node]! += Math.log(converted ? p * (1 - share) : 1 - p * (1 - share));
    }
    const { offers, expected, converted: known, traces } = this.sums;
    this.sums = { offers: offers + 1, expected: expected + probability, converted: known + (converted ? 1 : 0), traces: traces + (hasTrace ? 1 : 0) };
    if (!converted && hasTrace !== undefined) this.seeTrace(hasTrace);
  }

  get counts(): Readonly<{ offers: number; expected: number; converted: number; traces: number }> {
    return this.sums;
  }

  /** ln of the e-value; at 0 the evidence says nothing. */
  get logE(): number {
    const { shares, traceIfDiverted } = this.options;
    const honest = mixture(this.honest, (place) => weights[place] ?? 0);
    const diverting = mixture(this.diverting, (place) => (weights[place % nodes.length] ?? 0) / shares.length);
    return diverting - honest + mixture(this.traces, () => 1 / traceIfDiverted.length);
  }

  private seeTrace(hasTrace: boolean): void {
    const { traceByChance, traceIfDiverted } = this.options;
    for (const [place, share] of traceIfDiverted.entries()) this.traces[place]! += Math.log(hasTrace ? share / traceByChance : (1 - share) / (1 - traceByChance));
  }
}

function clamped(probability: number): number {
  return Math.min(1 - 1e-6, Math.max(1e-6, probability));
}

/** ln of the weighted sum of exponentials. */
function mixture(logs: Float64Array, weight: (place: number) => number): number {
  const most = Math.max(...logs);
  return most + Math.log(logs.reduce((sum, log, place) => sum + weight(place) * Math.exp(log - most), 0));
}
