import { printWords } from '@sp/contracts';

const fewestSlots = 1_024;

/** Prints of events in one flat array, found by their identity; grows by doubling and is never more than half full. 32 bytes an event. */
export class IdentityTable {
  #slots = new Uint32Array(fewestSlots * printWords);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** 1: known with this content, 0: with another, -1: not known. */
  find(prints: Uint32Array, at: number): number {
    const slot = this.#slotOf(prints, at);
    if (this.#slots[slot + 1] === 0) return -1;
    return this.#slots[slot + 2] === prints[at + 2] && this.#slots[slot + 3] === prints[at + 3] ? 1 : 0;
  }

  /** What is known keeps its content. */
  add(prints: Uint32Array, at: number): void {
    const slot = this.#slotOf(prints, at);
    if (this.#slots[slot + 1] !== 0) return;
    for (let word = 0; word < printWords; word++) this.#slots[slot + word] = prints[at + word]!;
    if (++this.#count * 2 * printWords > this.#slots.length) this.#grow();
  }

  /** All prints, in the order of the identities' first word. */
  sorted(): Uint32Array {
    const order = new Float64Array(this.#count);
    let count = 0;
    const slots = this.#slots.length / printWords;
    for (let slot = 0; slot < slots; slot++) if (this.#slots[slot * printWords + 1] !== 0) order[count++] = this.#slots[slot * printWords]! * slots + slot;
    order.sort();
    const sorted = new Uint32Array(count * printWords);
    for (let place = 0; place < count; place++) {
      const from = (order[place]! % slots) * printWords;
      for (let word = 0; word < printWords; word++) sorted[place * printWords + word] = this.#slots[from + word]!;
    }
    return sorted;
  }

  clear(): void {
    this.#slots = new Uint32Array(fewestSlots * printWords);
    this.#count = 0;
  }

  /** Where the identity stands, or the empty place where it would. */
  #slotOf(prints: Uint32Array, at: number): number {
    const [slots, mask] = [this.#slots, this.#slots.length - 1];
    const [high, low] = [prints[at]!, prints[at + 1]!];
    for (let slot = (low * printWords) & mask; ; slot = (slot + printWords) & mask) {
      if (slots[slot + 1] === 0 || (slots[slot + 1] === low && slots[slot] === high)) return slot;
    }
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Uint32Array(before.length * 2);
    this.#count = 0;
    for (let slot = 0; slot < before.length; slot += printWords) if (before[slot + 1] !== 0) this.add(before, slot);
  }
}
