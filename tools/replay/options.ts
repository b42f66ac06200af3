import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Refusal } from '@sp/testing';
import type { Mapping } from './mapping';
import { readMappingFile } from './mapping-file';
import { onlineRetail } from './online-retail/online-retail';
import { starbucks } from './starbucks/starbucks';
import { tableMapping } from './table-mapping';

const usage = 'npm run replay -- <file or folder> --mapping <name | mapping.json> [--url URL | --data FOLDER [--keep] | --check] [--speed EVENTS_PER_S] [--limit LINES]';
const builtIn: ReadonlyMap<string, Mapping> = new Map([starbucks, onlineRetail].map((mapping) => [mapping.name, mapping]));

export interface ReplayOptions {
  readonly path: string;
  readonly mapping: Mapping;
  /** A line that runs already; without it one of our own is started. */
  readonly url: string | undefined;
  readonly dataFolder: string;
  readonly keep: boolean;
  /** Judge by the contracts and send nothing. */
  readonly check: boolean;
  readonly eventsPerSecond: number;
  readonly lineLimit: number;
}

const flagsSchema = z.object({
  mapping: z.string({ error: 'say --mapping' }).min(1),
  url: z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }).optional(),
  data: z.string().min(1).optional(),
  keep: z.boolean().default(false),
  check: z.boolean().default(false),
  speed: z.coerce.number({ error: 'must be events per second' }).positive().default(Infinity),
  limit: z.coerce.number({ error: 'must be a number of lines' }).int().positive().default(Infinity),
});

/** Paths are the caller's: npm moves the working directory, and says in INIT_CWD where it was. */
export function readOptions(args: readonly string[], callerFolder: string): ReplayOptions {
  const { values, positionals } = parsed(args);
  const flags = flagsSchema.safeParse(values);
  if (!flags.success) throw new Refusal(`--${flags.error.issues[0]?.path.join('.')}: ${flags.error.issues[0]?.message}. Usage: ${usage}`);
  if (positionals.length !== 1) throw new Refusal(`Say one file or folder. Usage: ${usage}`);
  const path = resolve(callerFolder, positionals[0] ?? '');
  if (!existsSync(path)) throw new Refusal(`There is no ${path}.`);
  const { mapping: name, url, data, keep, check, speed, limit } = flags.data;
  if (url !== undefined && (data !== undefined || keep)) throw new Refusal('--data and --keep are for a line of its own: leave out --url.');
  const mapping = findMapping(name, callerFolder);
  const dataFolder = data === undefined ? join('.data', `replay-${mapping.name}`) : resolve(callerFolder, data);
  return { path, mapping, url, dataFolder, keep, check, eventsPerSecond: speed, lineLimit: limit };
}

function parsed(args: readonly string[]): { values: Record<string, unknown>; positionals: string[] } {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { mapping: text, url: text, data: text, keep: flag, check: flag, speed: text, limit: text } });
  } catch (error) {
    throw new Refusal(`${(error as Error).message}. Usage: ${usage}`, { cause: error });
  }
}

function findMapping(name: string, callerFolder: string): Mapping {
  const found = builtIn.get(name);
  if (found) return found;
  const path = resolve(callerFolder, name);
  if (existsSync(path)) return tableMapping(readMappingFile(path));
  throw new Refusal(`There is no mapping "${name}": it is one of ${[...builtIn.keys()].join(', ')}, or the path of a mapping file (docs/replay.md).`);
}
