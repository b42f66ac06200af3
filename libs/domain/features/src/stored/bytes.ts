const text = new TextEncoder();
const words = new TextDecoder();

/** Grows as it is written; reused from one client to the next, since a state is packed at every commit. */
export class ByteWriter {
  private bytes = new Uint8Array(8_192);
  private view = new DataView(this.bytes.buffer);
  private length = 0;

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** A whole number below 2^52 in size, small ones in few bytes (zigzag, 7 bits a byte). */
  integer(value: number): void {
    const whole = value | 0;
    if (whole === value && whole < 0x40000000 && whole >= -0x40000000) return this.small((whole << 1) ^ (whole >> 31));
    if (!Number.isInteger(value) || Math.abs(value) >= 2 ** 52) throw new RangeError(`${value} is no whole number below 2^52`);
    let rest = value < 0 ? -2 * value - 1 : 2 * value;
    this.reserve(8);
    while (rest > 0x7fffffff) {
      this.bytes[this.length++] = 0x80 | rest % 128;
      rest = Math.floor(rest / 128);
    }
    while (rest > 0x7f) {
      this.bytes[this.length++] = 0x80 | (rest & 0x7f);
      rest >>>= 7;
    }
    this.bytes[this.length++] = rest;
  }

  private small(zigzagged: number): void {
    this.reserve(5);
    const bytes = this.bytes;
    let rest = zigzagged;
    while (rest > 0x7f) {
      bytes[this.length++] = 0x80 | (rest & 0x7f);
      rest >>>= 7;
    }
    bytes[this.length++] = rest;
  }

  /** 53 bits in seven bytes. */
  fingerprint(value: number): void {
    this.reserve(8);
    this.view.setUint32(this.length, value % 2 ** 32, true);
    // One byte too many is written, and written over next.
    this.view.setUint32(this.length + 4, Math.floor(value / 2 ** 32), true);
    this.length += 7;
  }

  real(value: number): void {
    this.reserve(8);
    this.view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  /** Ids are short and ASCII nearly always: for those an encoder costs more than the copying. */
  text(value: string): void {
    const start = this.length;
    this.integer(value.length);
    this.reserve(value.length);
    for (let at = 0; at < value.length; at++) {
      const unit = value.charCodeAt(at);
      if (unit > 0x7f) {
        this.length = start;
        return this.encoded(text.encode(value));
      }
      this.bytes[this.length++] = unit;
    }
  }

  /** What was written, as bytes of its own; the writer is empty again. */
  take(): Uint8Array {
    const taken = this.bytes.slice(0, this.length);
    this.length = 0;
    return taken;
  }

  private encoded(encoded: Uint8Array): void {
    this.integer(encoded.length);
    this.reserve(encoded.length);
    this.bytes.set(encoded, this.length);
    this.length += encoded.length;
  }

  private reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = new Uint8Array(2 * (this.length + count));
    larger.set(this.bytes);
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}

/** Reads what a ByteWriter wrote, in the same order. */
export class ByteReader {
  private readonly view: DataView;
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    const value = this.bytes[this.at++];
    if (value === undefined) throw new RangeError('the bytes end too early');
    return value;
  }

  integer(): number {
    const first = this.byte();
    if (first < 0x80) return (first & 1) === 0 ? first >>> 1 : -((first + 1) >>> 1);
    const second = this.byte();
    if (second < 0x80) return unzigzag((first & 0x7f) | (second << 7));
    const third = this.byte();
    if (third < 0x80) return unzigzag((first & 0x7f) | ((second & 0x7f) << 7) | (third << 14));
    let [value, scale] = [(first & 0x7f) | ((second & 0x7f) << 7) | ((third & 0x7f) << 14), 2_097_152];
    for (;;) {
      const next = this.byte();
      value += (next & 0x7f) * scale;
      if (next < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      scale *= 128;
    }
  }

  fingerprint(): number {
    const low = this.view.getUint32(this.at, true);
    const high = this.view.getUint16(this.at + 4, true) + 65_536 * this.view.getUint8(this.at + 6);
    this.at += 7;
    return low + high * 2 ** 32;
  }

  real(): number {
    const value = this.view.getFloat64(this.at, true);
    this.at += 8;
    return value;
  }

  text(): string {
    const length = this.integer();
    const [from, to] = [this.at, this.at + length];
    this.at = to;
    if (length > 40) return words.decode(this.bytes.subarray(from, to));
    let value = '';
    for (let at = from; at < to; at++) {
      const unit = this.bytes[at] ?? 0;
      if (unit > 0x7f) return words.decode(this.bytes.subarray(from, to));
      value += String.fromCharCode(unit);
    }
    return value;
  }
}

/** Of what fits into 31 bits. */
function unzigzag(value: number): number {
  return (value & 1) === 0 ? value >>> 1 : -((value + 1) >>> 1);
}
