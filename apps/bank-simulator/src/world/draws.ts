import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** What a stream of draws is about; each purpose has its own, so that a new draw in one never shifts another. */
export const purposes = { merchant: 1, campaign: 2, client: 3, purchase: 4, day: 5, newcomers: 6, answer: 7, dirt: 8, firstPurchase: 9, liking: 10, habit: 11, trouble: 12, tasteShift: 13, errand: 14, pace: 15, armBias: 16 } as const;
export type Purpose = keyof typeof purposes;

/**
 * Draws that depend on nothing but the seed, the purpose and the keys. No generator is carried from hour to hour:
 * that is why a restart goes on exactly as if it had not happened, and why an offer changes only what it touches.
 */
export function drawsFor(seed: number, purpose: Purpose, ...keys: readonly number[]): Draws {
  const hash = hashOf(seed, purpose, keys);
  return new Draws(xoroshiro128plusFromState([mix(hash, 1), mix(hash, 2), mix(hash, 3), mix(hash, 4)]));
}

/** One nearly normal number (mean 0, variance 1, within 3.5) without a generator: for what is drawn a thousand times a client. */
export function bellAt(seed: number, purpose: Purpose, ...keys: readonly number[]): number {
  const hash = hashOf(seed, purpose, keys);
  return ((hash & 255) + ((hash >>> 8) & 255) + ((hash >>> 16) & 255) + (hash >>> 24) - 510) / 147.8;
}

/** One uniform number in [0, 1) without a generator. */
export function uniformAt(seed: number, purpose: Purpose, ...keys: readonly number[]): number {
  return (hashOf(seed, purpose, keys) >>> 0) / 2 ** 32;
}

/** A text as a key (FNV-1a, 32 bits). */
export function keyOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let place = 0; place < text.length; place++) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
  return hash | 0;
}

export class Draws {
  constructor(private readonly generator: RandomGenerator) {}

  /** Uniform in [0, 1). */
  uniform(): number {
    return uniformFloat64(this.generator);
  }

  between(from: number, to: number): number {
    return from + (to - from) * this.uniform();
  }

  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number {
    return Math.floor(this.between(from, to + 1));
  }

  happens(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** Standard normal (Box and Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.uniform());
  }

  /** Gamma with scale 1 and shape >= 1 (Marsaglia and Tsang 2000). */
  gamma(shape: number): number {
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const z = this.normal();
      const v = (1 + c * z) ** 3;
      if (v > 0 && Math.log(1 - this.uniform()) < 0.5 * z * z + d - d * v + d * Math.log(v)) return d * v;
    }
  }

  pick<T>(items: readonly T[]): T {
    return items[this.whole(0, items.length - 1)] as T;
  }

  /** The index of one weight, each with a probability in proportion to it. */
  weighted(weights: ArrayLike<number>): number {
    let total = 0;
    for (let index = 0; index < weights.length; index++) total += weights[index] as number;
    let left = this.uniform() * total;
    for (let index = 0; index < weights.length; index++) {
      left -= weights[index] as number;
      if (left < 0) return index;
    }
    return weights.length - 1;
  }
}

function hashOf(seed: number, purpose: Purpose, keys: readonly number[]): number {
  let hash = mix(seed | 0, purposes[purpose]);
  for (const key of keys) hash = mix(hash, key | 0);
  return hash;
}

/** Two words into one, every input bit moving every output bit (finaliser of MurmurHash3). */
function mix(hash: number, key: number): number {
  let mixed = Math.imul(hash ^ Math.imul(key, 0x9e3779b1), 0x85ebca6b) + 0x165667b1;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
