import { Refusal } from '@sp/testing';
import { parseArgs } from 'node:util';

export const paths = ['engine', 'usual', 'feature-store', 'decisions', 'door', 'http', 'latency', 'line', 'monitoring', 'experiments'] as const;
export type PathName = (typeof paths)[number];
export type Sync = 'always' | 'default';

export const usage = `npm run bench -- [options]: each path's share of the raw limit of this machine, measured in the same run
  --only PATH[,PATH]  ${paths.join(', ')}
  --sync MODE         always (each message is on the disk before it is acknowledged) or default (every two minutes); both when not given
  --json FILE         saves the result
  --compare FILE      compares with a saved one, ratio by ratio`;

export interface BenchOptions {
  readonly only: ReadonlySet<PathName>;
  readonly syncs: readonly Sync[];
  readonly json?: string;
  readonly compare?: string;
  readonly help: boolean;
}

export function readOptions(args: readonly string[]): BenchOptions {
  const { only, sync, json, compare, help } = parse(args);
  if (sync !== undefined && sync !== 'always' && sync !== 'default') throw new Refusal(`--sync is "always" or "default", not "${sync}"`);
  return {
    only: new Set(only === undefined ? paths : only.split(',').map(pathNamed)),
    syncs: sync ? [sync] : ['always', 'default'],
    ...(json !== undefined && { json }),
    ...(compare !== undefined && { compare }),
    help: help ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    const options = { only: { type: 'string' }, sync: { type: 'string' }, json: { type: 'string' }, compare: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\n\n${usage}`);
  }
}

function pathNamed(text: string): PathName {
  const found = paths.find((path) => path === text.trim());
  if (!found) throw new Refusal(`there is no path "${text}": choose of ${paths.join(', ')}`);
  return found;
}
