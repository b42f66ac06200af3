import type { KeyedState } from './keyed-state';

/** One kind of value in a fold's state. A changed shape is a new version, with the step that brings the one before up to it. */
export interface StateKind {
  /** First part of every key; never changed, for stored state bears it. */
  readonly kind: string;
  readonly version: number;
  /** `upcast[1]` turns a value of version 1 into one of version 2. */
  readonly upcast?: Readonly<Record<number, (value: unknown) => unknown>>;
}

/** The state is of a version that this build cannot read: written by a newer one, or older than its upcasters reach. */
export class StateVersionError extends Error {
  override readonly name = 'StateVersionError';
}

/** The values of one kind, by id, each stored with the version of its shape; an old one is brought up to date when it is read. */
export class StateTable<Value> {
  constructor(
    private readonly state: KeyedState,
    private readonly kind: StateKind,
  ) {}

  get(id: string): Value | undefined {
    const stored = this.state.get<readonly [version: number, value: unknown]>(this.#key(id));
    return stored && this.#current(id, stored);
  }

  put(id: string, value: Value): void {
    this.state.put(this.#key(id), [this.kind.version, value]);
  }

  delete(id: string): void {
    this.state.delete(this.#key(id));
  }

  /** All committed values, in key order: for tables that are read whole at the start. */
  *values(): Iterable<Value> {
    for (const [key, stored] of this.state.entries<readonly [number, unknown]>(`${this.kind.kind}:`)) yield this.#current(key, stored);
  }

  #key(id: string): string {
    return `${this.kind.kind}:${id}`;
  }

  #current(id: string, [stored, value]: readonly [number, unknown]): Value {
    const { kind, version, upcast } = this.kind;
    if (stored > version) throw new StateVersionError(`${kind} ${id} is stored in version ${stored}, this build knows ${version}: run the newer build`);
    let current = value;
    for (let from = stored; from < version; from++) {
      const step = upcast?.[from];
      if (!step) throw new StateVersionError(`${kind} ${id} is stored in version ${stored}, and nothing brings version ${from} up to ${from + 1}: begin a new data folder, or run an older build first`);
      current = step(current);
    }
    return current as Value;
  }
}
