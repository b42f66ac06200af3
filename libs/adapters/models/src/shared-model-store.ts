import { modelArtefacts } from '@sp/contracts';
import type { ModelCard } from '@sp/learning';
import type { NatsConnection, ObjectStore } from 'nats';
import { DamagedModelError, UnknownModelError, versionOf, type ModelStore, type StoredModel } from './model-store';

export interface SharedModelStoreOptions {
  /** Models that came with the program. */
  readonly shipped: ModelStore;
  /** A folder of the service's own: what was fetched once is read from here. Who reads seldom needs none. */
  readonly fetched?: ModelStore;
  readonly connection: NatsConnection;
}

/**
 * The shipped models and those that the line has trained since, which live in JetStream's object store, where every service finds
 * them. Saving puts them there; a version is looked for in the folders first. The champion of a new data folder is the shipped one.
 */
export function openSharedModelStore({ shipped, fetched, connection }: SharedModelStoreOptions): ModelStore {
  const bucket = new ModelBucket(connection);
  return {
    list: async (name) => newestOfEach([...(await shipped.list(name)), ...(await bucket.cards(name))]),
    load: (name, version) => firstOf(name, version, [() => shipped.load(name, version), ...(fetched ? [() => fetched.load(name, version)] : []), () => fetch(bucket, fetched, name, version)]),
    async save(name, bytes, card) {
      const saved = fetched ? await fetched.save(name, bytes, card) : { ...card, version: versionOf(bytes) };
      await bucket.put(saved, bytes);
      return saved;
    },
    champion: (name) => shipped.champion(name),
    setChampion: (name, version) => shipped.setChampion(name, version),
  };
}

function newestOfEach(cards: readonly ModelCard[]): ModelCard[] {
  return [...new Map(cards.map((card) => [`${card.name} ${card.version}`, card])).values()].sort((a, b) => a.name.localeCompare(b.name) || a.trainedAt.localeCompare(b.trainedAt));
}

async function firstOf(name: string, version: string, places: readonly (() => Promise<StoredModel>)[]): Promise<StoredModel> {
  for (const load of places) {
    try {
      return await load();
    } catch (error) {
      if (!(error instanceof UnknownModelError)) throw error;
    }
  }
  throw new UnknownModelError(`there is no model ${name} ${version}, neither shipped nor in the object store`);
}

async function fetch(bucket: ModelBucket, fetched: ModelStore | undefined, name: string, version: string): Promise<StoredModel> {
  const model = await bucket.get(name, version);
  const actual = versionOf(model.bytes);
  if (actual !== version) throw new DamagedModelError(`the object store holds ${actual} where ${name} ${version} should be`);
  await fetched?.save(name, model.bytes, model.card);
  return model;
}

class ModelBucket {
  constructor(private readonly connection: NatsConnection) {}

  async cards(only?: string): Promise<ModelCard[]> {
    const store = await this.#existing();
    const names = ((await store?.list()) ?? []).filter(({ name, deleted }) => !deleted && name.endsWith('.card.json') && (only === undefined || name.startsWith(`${only}/`)));
    return Promise.all(names.map(async ({ name }) => JSON.parse(Buffer.from((await store?.getBlob(name)) ?? []).toString('utf8')) as ModelCard));
  }

  async get(name: string, version: string): Promise<StoredModel> {
    const store = await this.#existing();
    const [bytes, card] = await Promise.all(['.onnx', '.card.json'].map((end) => store?.getBlob(`${name}/${version}${end}`)));
    if (!bytes || !card) throw new UnknownModelError(`the object store has no model ${name} ${version}`);
    return { bytes, card: JSON.parse(Buffer.from(card).toString('utf8')) as ModelCard };
  }

  /** The card last: a model without one is not listed. */
  async put(card: ModelCard, bytes: Uint8Array): Promise<void> {
    const store = await this.connection.jetstream().views.os(modelArtefacts.bucket);
    await store.putBlob({ name: `${card.name}/${card.version}.onnx` }, bytes);
    await store.putBlob({ name: `${card.name}/${card.version}.card.json`, description: card.note }, Buffer.from(JSON.stringify(card)));
  }

  /** Opening would make the bucket; a line that never trains needs none. */
  async #existing(): Promise<ObjectStore | undefined> {
    const names = (await this.connection.jetstreamManager()).streams.names();
    for await (const name of names) if (name === `OBJ_${modelArtefacts.bucket}`) return this.connection.jetstream().views.os(modelArtefacts.bucket);
    return undefined;
  }
}
