import type { Correction, DeadLetterState } from '@sp/contracts';
import { parseArgs } from 'node:util';

export const usage = `npm run dlq -- <command>; with NATS_URL (default nats://127.0.0.1:4222), for replay INGEST_URL (default http://127.0.0.1:3000)
  ls [--reason CODE] [--age 2h] [--limit 20] [--state open|replayed|dropped|all] [--json]
                                   counts by reason, and the newest letters; open ones unless --state says otherwise
  show ID                          one letter whole, with its masked payload
  replay ID… [--set data.currency=EUR]… [--unset data.location]…
                                   send the event through the public door again, after the cause was mended; a value is read as JSON
                                   where it is JSON (12, true, "12" as text), else as text
  drop ID… --why TEXT              let go of letters; they stay listed as dropped
  replay and drop take --by NAME (default: the user's name). Nothing is ever deleted.`;

const states = ['open', 'replayed', 'dropped'] as const satisfies readonly DeadLetterState['kind'][];

export type DlqCommand =
  | { readonly name: 'ls'; readonly reason?: string; readonly ageMs?: number; readonly limit: number; readonly state?: DeadLetterState['kind']; readonly asJson: boolean }
  | { readonly name: 'show'; readonly ids: readonly string[] }
  | { readonly name: 'replay'; readonly ids: readonly string[]; readonly corrections: readonly Correction[]; readonly by: string }
  | { readonly name: 'drop'; readonly ids: readonly string[]; readonly why: string; readonly by: string };

/** What was asked for, or an error whose message a person can act on. */
export function readCommand(args: readonly string[], user: string): DlqCommand {
  const { positionals: [name, ...ids], values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      reason: { type: 'string' }, age: { type: 'string' }, limit: { type: 'string', default: '20' }, state: { type: 'string', default: 'open' }, json: { type: 'boolean', default: false },
      set: { type: 'string', multiple: true, default: [] }, unset: { type: 'string', multiple: true, default: [] }, why: { type: 'string' }, by: { type: 'string', default: user },
    },
  });
  if (name === 'ls') return { name, limit: wholeNumber(values.limit), asJson: values.json, ...(values.reason === undefined ? {} : { reason: values.reason }), ...ageOf(values.age), ...stateOf(values.state) };
  if (ids.length === 0) throw new Error(usage);
  if (name === 'show') return { name, ids };
  if (name === 'replay') return { name, ids, by: values.by, corrections: [...values.set.map(correction), ...values.unset.map((path) => ({ path }))] };
  if (name !== 'drop') throw new Error(usage);
  if (!values.why) throw new Error('Say why: drop ID… --why TEXT.');
  return { name, ids, by: values.by, why: values.why };
}

const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function ageOf(text: string | undefined): { ageMs?: number } {
  if (text === undefined) return {};
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined) throw new Error(`--age ${text}: say a number and s, m, h or d, such as 30m or 2h.`);
  return { ageMs: Number(amount) * unitsMs[unit]! };
}

function stateOf(text: string): { state?: DeadLetterState['kind'] } {
  if (text === 'all') return {};
  const state = states.find((candidate) => candidate === text);
  if (!state) throw new Error(`--state ${text}: choose one of ${states.join(', ')}, all.`);
  return { state };
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`--limit ${text}: say a whole number from 1.`);
  return Number(text);
}

function correction(text: string): Correction {
  const at = text.indexOf('=');
  if (at < 1) throw new Error(`--set ${text}: say PATH=VALUE, such as data.currency=EUR.`);
  return { path: text.slice(0, at), value: valueOf(text.slice(at + 1)) };
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
