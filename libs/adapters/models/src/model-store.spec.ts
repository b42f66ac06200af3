import { appendFile, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelStore } from './model-store';
import { DamagedModelError, openModelStore, UnknownModelError } from './model-store';
import { anUnsavedCard } from './testing/model-card';

const bytes = Buffer.from('trees');
/** First 12 digits of `printf trees | sha256sum`. */
const VERSION = '29d807300a96';

describe('openModelStore', () => {
  let folder: string;
  let store: ModelStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'models-'));
    store = openModelStore(folder);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('gives back what was saved, under the version that the content makes', async () => {
    const card = await store.save('redemption', bytes, anUnsavedCard());
    expect(card).toEqual({ ...anUnsavedCard(), version: VERSION });
    const loaded = await store.load('redemption', VERSION);
    expect(Buffer.from(loaded.bytes)).toEqual(bytes);
    expect(loaded.card).toEqual(card);
    expect((await readdir(join(folder, 'redemption'))).sort()).toEqual([`${VERSION}.card.json`, `${VERSION}.onnx`]);
  });

  it('saves the same model twice without harm and lists models by name and training time', async () => {
    await store.save('redemption', Buffer.from('later'), anUnsavedCard({ trainedAt: '2026-02-01T00:00:00Z' }));
    await store.save('redemption', bytes, anUnsavedCard());
    await store.save('redemption', bytes, anUnsavedCard());
    await store.save('basket', bytes, anUnsavedCard({ name: 'basket' }));
    const all = (await store.list()).map(({ name, trainedAt }) => `${name} ${trainedAt.slice(0, 7)}`);
    expect(all).toEqual(['basket 2026-01', 'redemption 2026-01', 'redemption 2026-02']);
    expect(await store.list('basket')).toHaveLength(1);
  });

  it('is empty before anything was saved', async () => {
    expect(await openModelStore(join(folder, 'nothing')).list()).toEqual([]);
  });

  it('refuses an artefact that lost or gained bytes', async () => {
    await store.save('redemption', bytes, anUnsavedCard());
    const file = join(folder, 'redemption', `${VERSION}.onnx`);
    await appendFile(file, 'x');
    await expect(store.load('redemption', VERSION)).rejects.toThrow(DamagedModelError);
    await truncate(file, 3);
    await expect(store.load('redemption', VERSION)).rejects.toThrow(/damaged/);
    await store.save('redemption', bytes, anUnsavedCard());
    await expect(store.load('redemption', VERSION)).resolves.toBeDefined();
  });

  it('refuses a card that is cut off, missing, or another model’s', async () => {
    await store.save('redemption', bytes, anUnsavedCard());
    const file = join(folder, 'redemption', `${VERSION}.card.json`);
    await writeFile(file, JSON.stringify({ ...anUnsavedCard({ name: 'basket' }), version: VERSION }));
    await expect(store.load('redemption', VERSION)).rejects.toThrow(/card of basket/);
    await truncate(file, 20);
    await expect(store.load('redemption', VERSION)).rejects.toThrow(DamagedModelError);
    await rm(file);
    await expect(store.load('redemption', VERSION)).rejects.toThrow(DamagedModelError);
  });

  it('does not know a version that was never saved, and takes no path for a name', async () => {
    await expect(store.load('redemption', '0123456789ab')).rejects.toThrow(UnknownModelError);
    await expect(store.load('../secrets', VERSION)).rejects.toThrow();
    await expect(store.save('../secrets', bytes, anUnsavedCard())).rejects.toThrow();
  });

  it('names champions, only of models that it holds whole', async () => {
    expect(await store.champion('redemption')).toBeUndefined();
    await store.save('redemption', bytes, anUnsavedCard());
    await store.save('basket', bytes, anUnsavedCard({ name: 'basket' }));
    await store.setChampion('redemption', VERSION);
    await store.setChampion('basket', VERSION);
    expect(await openModelStore(folder).champion('redemption')).toBe(VERSION);
    await expect(store.setChampion('redemption', '0123456789ab')).rejects.toThrow(UnknownModelError);
  });

  it('refuses a damaged list of champions', async () => {
    await writeFile(join(folder, 'champion.json'), '{"redemption": "latest"}');
    await expect(store.champion('redemption')).rejects.toThrow(DamagedModelError);
  });
});
