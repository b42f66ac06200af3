import { Refusal } from '@sp/testing';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const usage = `npm run features -- <command>
  list                                            every feature: name, type, group, when it is missing
  parity --clickhouse URL [--sample N]            do stored vectors equal those computed again from ClickHouse? (N 1000)
  parity --replay FOLDER --mapping NAME           the same on a line of its own, through which that data are sent first
  at --clickhouse URL --client ID --time ISO      one client's features as they stood at a time
  report --clickhouse URL --out FOLDER [--rows N] ranges, distributions, correlations: a page and JSON (N 200000)
  scale [--clients N,N,…] [--events N] [--hot MB] throughput, memory and reading of the fold with so many clients (10000,100000,1000000; 200000; 128)`;

export type FeaturesCommand =
  | { readonly name: 'list' }
  | { readonly name: 'parity'; readonly clickhouse: string; readonly sample: number }
  | { readonly name: 'parity'; readonly replay: string; readonly mapping: string; readonly sample: number }
  | { readonly name: 'at'; readonly clickhouse: string; readonly clientId: string; readonly timeMs: number }
  | { readonly name: 'scale'; readonly clients: readonly number[]; readonly events: number; readonly hot: number }
  | { readonly name: 'report'; readonly clickhouse: string; readonly folder: string; readonly rows: number };

type Values = Readonly<Record<string, string | undefined>>;

/** Paths are the caller's: npm moves the working directory. */
export function readCommand(args: readonly string[], callerFolder: string): FeaturesCommand {
  const [name, ...rest] = args;
  const values = parsed(rest);
  if (name === 'list') return { name };
  if (name === 'parity' && values['replay'] !== undefined) return { name, replay: resolve(callerFolder, values['replay']), mapping: required(values, 'mapping'), sample: countOf(values, 'sample', 100_000) };
  if (name === 'parity') return { name, clickhouse: urlOf(values), sample: countOf(values, 'sample', 1_000) };
  if (name === 'at') return { name, clickhouse: urlOf(values), clientId: required(values, 'client'), timeMs: timeOf(required(values, 'time')) };
  if (name === 'report') return { name, clickhouse: urlOf(values), folder: resolve(callerFolder, required(values, 'out')), rows: countOf(values, 'rows', 200_000) };
  if (name === 'scale') return { name, clients: (values['clients'] ?? '10000,100000,1000000').split(',').map((text) => countOf({ clients: text }, 'clients', 0)), events: countOf(values, 'events', 200_000), hot: countOf(values, 'hot', 128) };
  throw new Refusal(usage);
}

function parsed(args: readonly string[]): Values {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ args: [...args], options: { clickhouse: text, sample: text, client: text, time: text, out: text, rows: text, clients: text, events: text, hot: text, replay: text, mapping: text } }).values;
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\n${usage}`, { cause: error });
  }
}

function required(values: Values, flag: string): string {
  const value = values[flag];
  if (!value) throw new Refusal(`Say --${flag}.\n${usage}`);
  return value;
}

function urlOf(values: Values): string {
  return values['clickhouse'] ?? process.env['CLICKHOUSE_URL'] ?? required(values, 'clickhouse');
}

function countOf(values: Values, flag: string, otherwise: number): number {
  const count = Number(values[flag] ?? otherwise);
  if (!Number.isInteger(count) || count < 1) throw new Refusal(`--${flag} must be a whole number above 0.`);
  return count;
}

function timeOf(text: string): number {
  const timeMs = Date.parse(text);
  if (Number.isNaN(timeMs)) throw new Refusal(`--time must be a date and time such as 2026-01-05T12:00:00Z.`);
  return timeMs;
}
