const [firstA, firstB] = [0xcc9e2d51, 0x1b873593] as const;
const [secondA, secondB] = [0x239b961b, 0xab0e9789] as const;
const number = new Float64Array(1);
const numberWords = new Uint32Array(number.buffer);

/**
 * 64 bits of whatever is put in, in two lanes of MurmurHash3 (Appleby 2011, public domain), computed without making a string or a buffer. For tables of what is
 * known, not against somebody who looks for collisions. The same on every machine.
 */
export class Hash64 {
  #a = 0;
  #b = 0;

  get high(): number {
    return this.#a;
  }

  get low(): number {
    return this.#b;
  }

  begin(): this {
    this.#a = 0x2f0b4a27;
    this.#b = 0x5bd1e995;
    return this;
  }

  /** Two characters a round, then the length, so that no two rows of texts run together. */
  text(text: string): this {
    const pairs = text.length & ~1;
    let at = 0;
    for (; at < pairs; at += 2) this.word(text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16));
    if (at < text.length) this.word(text.charCodeAt(at));
    return this.word(text.length ^ 0x10000000);
  }

  number(value: number): this {
    number[0] = value;
    return this.word(numberWords[0]!).word(numberWords[1]!);
  }

  word(word: number): this {
    let k = Math.imul(word, firstA);
    k = Math.imul((k << 15) | (k >>> 17), firstB);
    let h = this.#a ^ k;
    this.#a = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
    k = Math.imul(word, secondA);
    k = Math.imul((k << 16) | (k >>> 16), secondB);
    h = this.#b ^ k;
    this.#b = (Math.imul((h << 17) | (h >>> 15), 5) + 0x561ccd1b) | 0;
    return this;
  }

  /** Any JSON value; of an object, fields in another order are the same. */
  value(value: unknown): this {
    if (typeof value === 'string') return this.word(1).text(value);
    if (typeof value === 'number') return this.word(2).number(value);
    if (typeof value !== 'object') return this.word(value === true ? 3 : value === false ? 4 : 5);
    if (value === null) return this.word(6);
    return Array.isArray(value) ? this.#list(value) : this.#object(value as Record<string, unknown>);
  }

  /** The two lanes mixed into each other; both are to be read after it. */
  end(): void {
    const a = spread(this.#a ^ this.#b);
    const b = spread(this.#b + a);
    this.#a = (a + b) >>> 0;
    this.#b = b >>> 0;
  }

  #list(values: readonly unknown[]): this {
    this.word(7).word(values.length);
    for (const value of values) this.value(value);
    return this;
  }

  /** Each field for itself, and their sum. */
  #object(fields: Record<string, unknown>): this {
    const [a, b] = [this.#a, this.#b];
    let [sumA, sumB] = [0, 0];
    for (const key in fields) {
      if (fields[key] === undefined) continue;
      this.begin().text(key).value(fields[key]).end();
      sumA = (sumA + this.#a) | 0;
      sumB = (sumB + this.#b) | 0;
    }
    [this.#a, this.#b] = [a, b];
    return this.word(8).word(sumA).word(sumB);
  }
}

/** Each bit of the result hangs on each bit of the word (the finaliser of MurmurHash3). */
function spread(word: number): number {
  let h = word ^ (word >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
