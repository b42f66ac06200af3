/** `npm run explain -- DECISION`: why a client got this offer, or none, in words. */
import type { DecisionDetail, DecisionRecord } from '@sp/contracts';
import { connectNats } from '@sp/nats';
import { Refusal } from '@sp/testing';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { explanationText, recomputedText } from './decisions/explanation-text';
import { recompute, type Recomputed } from './decisions/recompute';

const usage = `npm run explain -- DECISION [options], with MONITOR_URL (default http://127.0.0.1:3005)
  --recompute   decide again: from the record, and by replaying the log (with NATS_URL and PARTITIONS, as the services have them)
  --state FOLDER  begin the replay with a copy of the recommender's DATA_FOLDER from before the decision, where the log's beginning has expired
  --json        the record and its explanation as JSON`;

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { recompute: { type: 'boolean', default: false }, state: { type: 'string' }, json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } } });
  const [decisionId] = positionals;
  if (values.help) return void say(usage);
  if (decisionId === undefined) throw new Refusal(usage);
  const decision = await read(decisionId);
  say(values.json ? JSON.stringify(decision, undefined, 2) : explanationText(decision));
  if (!values.recompute) return;
  const again = await decideAgain(decision as DecisionRecord, values.state === undefined ? undefined : resolve(process.env['INIT_CWD'] ?? '.', values.state));
  say(recomputedText(again));
  if (again.fromRecord === 'different' || again.fromLog === 'different') process.exitCode = 1;
}

async function read(decisionId: string): Promise<DecisionDetail> {
  const url = process.env['MONITOR_URL'] ?? 'http://127.0.0.1:3005';
  const response = await fetch(`${url}/v1/decisions/${encodeURIComponent(decisionId)}`).catch((cause: unknown) => {
    throw new Refusal(`no monitor answers at ${url}: start the line, or name it in MONITOR_URL (${cause instanceof Error ? cause.message : String(cause)})`);
  });
  const body = (await response.json()) as DecisionDetail & { readonly message?: string };
  if (!response.ok) throw new Refusal(body.message ?? `the monitor answered ${response.status}`);
  return body;
}

async function decideAgain(record: DecisionRecord, stateFolder: string | undefined): Promise<Recomputed> {
  const connection = await connectNats(process.env['NATS_URL'] ?? 'nats://127.0.0.1:4222', 'explain');
  try {
    return await recompute(record, connection, Number(process.env['PARTITIONS'] ?? 4), stateFolder);
  } finally {
    await connection.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Refusal ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
