import { clientStateCodec, clientStateVersion, version2Codec, type ClientState } from '../client-state';
import { ByteReader, ByteWriter } from './bytes';
import { fromVersion1, isVersion1 } from './from-version-1';

/** The state of a fold, by key: values given to it are packed when a commit takes them. */
export interface ValueStore {
  get<T>(key: string): T | undefined;
  put(key: string, value: unknown): void;
  delete(key: string): void;
}

const writer = new ByteWriter();

export function packClient(state: ClientState): Uint8Array {
  clientStateCodec.write(writer, state);
  return writer.take();
}

/** Brings version 2 up to date; throws on bytes of any other version. */
export function unpackClient(bytes: Uint8Array): ClientState {
  const version = new ByteReader(bytes).integer();
  if (version === 2) return { ...version2Codec.read(new ByteReader(bytes)), version: clientStateVersion };
  if (version !== clientStateVersion) throw new RangeError(`a client's state of version ${version} cannot be read by version ${clientStateVersion}`);
  return clientStateCodec.read(new ByteReader(bytes));
}

/** What the store keeps hot; the serialiser asks it for what to store. */
class PackedWhenStored {
  constructor(readonly state: ClientState) {}

  toJSON(): Uint8Array {
    return packClient(this.state);
  }
}

/** One client's value by its key; both are needed again when the client is put. */
interface Held {
  readonly clientId: string;
  readonly key: string;
  readonly value: PackedWhenStored | undefined;
}

/** Clients in a fold's state: live objects while they are hot, a third of the size as bytes when stored. States of the version before are brought up to date. */
export class ClientStates {
  /** The one asked for last is nearly always the one put next. */
  #held: Held | undefined;

  constructor(private readonly store: ValueStore) {}

  get(clientId: string): ClientState | undefined {
    const key = keyOf(clientId);
    const value = this.store.get<unknown>(key);
    this.#held = { clientId, key, value: value instanceof PackedWhenStored ? value : undefined };
    if (value === undefined) return undefined;
    if (value instanceof PackedWhenStored) return value.state;
    if (value instanceof Uint8Array) return unpackClient(value);
    if (isVersion1(value)) return fromVersion1(value);
    throw new RangeError(`what is stored of client ${clientId} is no client's state`);
  }

  put(clientId: string, state: ClientState): void {
    const held = this.#held?.clientId === clientId ? this.#held : undefined;
    this.store.put(held?.key ?? keyOf(clientId), held?.value?.state === state ? held.value : new PackedWhenStored(state));
  }

  delete(clientId: string): void {
    this.store.delete(keyOf(clientId));
  }
}

function keyOf(clientId: string): string {
  return `client:${clientId}`;
}
