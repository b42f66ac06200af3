import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from './refusal';

/** `events`: time is what the events say (a simulation or replay); `wall`: the real bank's time. One folder has one of them. */
export type LineClock = 'wall' | 'events';

export interface Timeline {
  readonly clock: LineClock;
  readonly partitions: number;
}

const FILE = 'timeline.json';
const LEAST_FREE_BYTES = 500_000_000;

/** Makes the folder of a line, or goes on with it; another clock or number of partitions would spoil what it holds. */
export async function openDataFolder(folder: string, wanted: Timeline): Promise<void> {
  await mkdir(folder, { recursive: true });
  await requireSpace(folder);
  const found = await readTimeline(folder);
  if (!found) return begin(folder, wanted);
  if (found.clock === wanted.clock && found.partitions === wanted.partitions) return;
  throw new Refusal(`${folder} holds ${say(found)}, not ${say(wanted)}: choose another folder with --data, or begin anew with --fresh.`);
}

/** Removes a line's data, and nothing that is not a line's. */
export async function removeDataFolder(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  if (!(await readTimeline(folder)) && (await readdir(folder)).length > 0) {
    throw new Refusal(`${folder} has no ${FILE}, so it is not removed: look at it and choose another folder with --data.`);
  }
  await rm(folder, { recursive: true });
}

async function begin(folder: string, wanted: Timeline): Promise<void> {
  if ((await readdir(folder)).length > 0) throw new Refusal(`${folder} holds something else: choose an empty folder with --data.`);
  await writeFile(join(folder, FILE), `${JSON.stringify(wanted)}\n`);
}

async function readTimeline(folder: string): Promise<Timeline | undefined> {
  const text = await readFile(join(folder, FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Timeline;
  } catch {
    throw new Refusal(`${join(folder, FILE)} is damaged: choose another folder with --data.`);
  }
}

async function requireSpace(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  if (freeBytes >= LEAST_FREE_BYTES) return;
  throw new Refusal(`Only ${Math.round(freeBytes / 1e6)} MB are free at ${folder}: free ${LEAST_FREE_BYTES / 1e6} MB, or choose another disk with --data.`);
}

function say({ clock, partitions }: Timeline): string {
  return `a line with clock "${clock}" and ${partitions} partitions`;
}
