import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Draws of one simulated experiment, from a seed. */
export class Chance {
  private readonly generator;
  private spare: number | undefined;

  constructor(seed: number) {
    this.generator = xoroshiro128plus(Math.imul(seed, 0x9e3779b1));
    for (let i = 0; i < 4; i += 1) this.generator.next();
  }

  uniform(): number {
    return uniformFloat64(this.generator);
  }

  /** Standard normal (Box and Muller, both of the pair). */
  normal(): number {
    if (this.spare !== undefined) {
      const value = this.spare;
      this.spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  logNormal(deviation: number): number {
    return Math.exp(deviation * this.normal());
  }
}

/** A client's spend in a period before the experiment and in one of the same length during it. */
export interface ClientSpend {
  readonly before: number;
  readonly during: number;
}

/** What makes card spend hard: lasting differences between clients, noise, months without any, and now and then a car or a kitchen. */
const lastingDeviation = 1;
const noiseDeviation = 0.5;
const idleShare = 0.1;
const rarePurchaseShare = 0.01;
const rarePurchaseTimes = 20;

/** Spend of a client with heavy tails (its coefficient of variation is about 3); the mean is multiplied by `lift`. */
export function drawClientSpend(chance: Chance, lift = 1): ClientSpend {
  const level = chance.logNormal(lastingDeviation);
  return { before: drawPeriod(chance, level), during: lift * drawPeriod(chance, level) };
}

function drawPeriod(chance: Chance, level: number): number {
  if (chance.uniform() < idleShare) return 0;
  const rare = chance.uniform() < rarePurchaseShare ? rarePurchaseTimes : 1;
  return level * rare * chance.logNormal(noiseDeviation);
}
