import type { ClientBaskets } from './baskets';

/** How often an item stands in the basket after one that holds another item: what is bought next, whoever buys. */
export class Transitions {
  readonly #counts: Float64Array;
  readonly #from: Float64Array;

  constructor(clients: readonly ClientBaskets[], private readonly items: number) {
    this.#counts = new Float64Array(items * items);
    this.#from = new Float64Array(items);
    for (const baskets of clients) {
      for (let place = 1; place < baskets.length; place += 1) this.#add(baskets[place - 1] ?? [], baskets[place] ?? []);
    }
  }

  /** Mean over the last basket's items of P(item next | item last), with a few pretended cases in which nothing followed. */
  chance(last: readonly number[], item: number): number {
    let sum = 0;
    for (const from of last) sum += (this.#counts[from * this.items + item] ?? 0) / ((this.#from[from] ?? 0) + 5);
    return last.length === 0 ? 0 : sum / last.length;
  }

  #add(before: readonly number[], after: readonly number[]): void {
    for (const from of before) {
      this.#from[from] = (this.#from[from] ?? 0) + 1;
      for (const to of after) this.#counts[from * this.items + to] = (this.#counts[from * this.items + to] ?? 0) + 1;
    }
  }
}
