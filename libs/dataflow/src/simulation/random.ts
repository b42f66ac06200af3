import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Every choice of a simulated schedule, from one seed. */
export class Random {
  readonly #generator;

  constructor(readonly seed: number) {
    // Neighbouring seeds begin alike: spread them and let the first numbers go.
    this.#generator = xoroshiro128plus(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ (seed >>> 15));
    for (let number = 0; number < 12; number++) this.#generator.next();
  }

  /** A whole number from 0 to one below the bound. */
  below(bound: number): number {
    return (this.#generator.next() >>> 0) % bound;
  }

  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  chance(probability: number): boolean {
    return (this.#generator.next() >>> 0) / 2 ** 32 < probability;
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new Error('nothing to pick from');
    return list[this.below(list.length)]!;
  }

  seedOfOwn(): number {
    return this.#generator.next() >>> 0;
  }
}
