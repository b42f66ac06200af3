import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelCard, UnsavedModelCard } from '@sp/learning';
import { z } from 'zod';

export interface StoredModel {
  readonly bytes: Uint8Array;
  readonly card: ModelCard;
}

/** Artefacts addressed by content: `<folder>/<name>/<version>.onnx` and `<version>.card.json`. */
export interface ModelStore {
  /** Cards of all models, or of one name, in order of name and training time. */
  list(name?: string): Promise<readonly ModelCard[]>;
  /** Throws UnknownModelError or DamagedModelError. */
  load(name: string, version: string): Promise<StoredModel>;
  /** Idempotent. The card comes back with the version that the bytes have. */
  save(name: string, bytes: Uint8Array, card: UnsavedModelCard): Promise<ModelCard>;
  /** The version that a new data folder starts with; undefined when none is named. */
  champion(name: string): Promise<string | undefined>;
  setChampion(name: string, version: string): Promise<void>;
}

export class UnknownModelError extends Error {
  override readonly name = 'UnknownModelError';
}

/** A file is not what its name, or its shape, says; the model must not be used. */
export class DamagedModelError extends Error {
  override readonly name = 'DamagedModelError';
}

const CHAMPIONS_FILE = 'champion.json';
const CARD_END = '.card.json';

const safeName = z.string().regex(/^[a-z][a-z0-9-]*$/);
const safeVersion = z.string().regex(/^[0-9a-f]{12}$/);
const champions = z.record(safeName, safeVersion);
/** What the store itself relies on; the rest of a card is written by learning and only handed on. */
const cardShape = z.looseObject({ name: safeName, version: safeVersion, trainedAt: z.string(), featureNames: z.array(z.string()) });

export function openModelStore(folder: string): ModelStore {
  return {
    list: (name) => list(folder, name),
    load: (name, version) => load(folder, name, version),
    save: async (name, bytes, card) => save(folder, { ...card, name: safeName.parse(name), version: versionOf(bytes) }, bytes),
    champion: async (name) => (await readChampions(folder))[name],
    async setChampion(name, version) {
      await load(folder, name, version);
      await writeWhole(join(folder, CHAMPIONS_FILE), toText({ ...(await readChampions(folder)), [name]: version }));
    },
  };
}

/** A version is the beginning of its content's sha256. */
export function versionOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 12);
}

async function list(folder: string, only?: string): Promise<readonly ModelCard[]> {
  const names = only === undefined ? await namesIn(folder) : [safeName.parse(only)];
  const cards: ModelCard[] = [];
  for (const name of names) {
    const files = (await entriesOf(join(folder, name))).map((entry) => entry.name).filter((file) => file.endsWith(CARD_END));
    const found = await Promise.all(files.map((file) => readCard(folder, name, file.slice(0, -CARD_END.length))));
    cards.push(...found.sort((a, b) => a.trainedAt.localeCompare(b.trainedAt)));
  }
  return cards;
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await entriesOf(folder);
  return entries.filter((entry) => entry.isDirectory() && safeName.safeParse(entry.name).success).map((entry) => entry.name).sort();
}

async function entriesOf(folder: string) {
  return readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
}

async function load(folder: string, name: string, version: string): Promise<StoredModel> {
  const file = fileOf(folder, name, version, '.onnx');
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw isMissing(cause) ? new UnknownModelError(`there is no model ${name} ${version} in ${folder}`, { cause }) : cause;
  });
  const actual = versionOf(bytes);
  if (actual !== version) throw new DamagedModelError(`${file} is damaged: its content has the hash ${actual}, its name says ${version}`);
  return { bytes, card: await readCard(folder, name, version) };
}

async function readCard(folder: string, name: string, version: string): Promise<ModelCard> {
  const file = fileOf(folder, name, version, CARD_END);
  const card = cardShape.safeParse(await readJson(file));
  if (!card.success) throw new DamagedModelError(`${file} is no model card: ${z.prettifyError(card.error)}`);
  if (card.data.name !== name || card.data.version !== version) throw new DamagedModelError(`${file} is the card of ${card.data.name} ${card.data.version}`);
  return card.data as unknown as ModelCard;
}

async function save(folder: string, card: ModelCard, bytes: Uint8Array): Promise<ModelCard> {
  await mkdir(join(folder, card.name), { recursive: true });
  // The card last: a model without one, left by a crash between the two, is not listed.
  await writeWhole(fileOf(folder, card.name, card.version, '.onnx'), bytes);
  await writeWhole(fileOf(folder, card.name, card.version, CARD_END), toText(card));
  return card;
}

async function readChampions(folder: string): Promise<Readonly<Record<string, string>>> {
  const file = join(folder, CHAMPIONS_FILE);
  const found = await readJson(file).catch((error: unknown) => {
    if (error instanceof DamagedModelError && isMissing(error.cause)) return {};
    throw error;
  });
  const named = champions.safeParse(found);
  if (!named.success) throw new DamagedModelError(`${file} does not name versions of models: ${z.prettifyError(named.error)}`);
  return named.data;
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new DamagedModelError(`${file} cannot be read as JSON`, { cause });
  }
}

/** Names come from requests too: only checked ones become paths. */
function fileOf(folder: string, name: string, version: string, end: string): string {
  return join(folder, safeName.parse(name), `${safeVersion.parse(version)}${end}`);
}

/** A reader sees the old file or the whole new one, also after a power cut. */
async function writeWhole(file: string, content: Uint8Array | string): Promise<void> {
  const unfinished = `${file}.${process.pid}.part`;
  const handle = await open(unfinished, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, file);
}

function toText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
