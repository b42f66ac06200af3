/** `npm run dlq`: the events that were refused. Reads their stream itself, so it works while ClickHouse is away. */
import { DeadLetterDesk, type ReplayOutcome } from '@sp/platform';
import { connect, type NatsConnection } from 'nats';
import { detailText, listText } from './dlq/letters-text';
import { readCommand, type DlqCommand } from './dlq/options';

const natsUrl = process.env['NATS_URL'] ?? 'nats://127.0.0.1:4222';
const ingestUrl = process.env['INGEST_URL'] ?? 'http://127.0.0.1:3000';
const maximumLetters = 200_000;

/** The lines to print, and whether all that was asked was done. */
interface Result {
  readonly text: string;
  readonly done: boolean;
}

async function main(): Promise<void> {
  const command = readCommand(process.argv.slice(2), process.env['USER'] || 'operator');
  const connection = await connectOnce();
  try {
    const desk = new DeadLetterDesk({ connection, ingestUrl, maximumLetters });
    await desk.load();
    const results = command.name === 'ls' ? [list(desk, command)] : await each(command, (id) => run(desk, command, id));
    for (const { text } of results) process.stdout.write(`${text}\n`);
    if (!results.every(({ done }) => done)) process.exitCode = 1;
  } finally {
    await connection.close();
  }
}

async function connectOnce(): Promise<NatsConnection> {
  return connect({ servers: natsUrl, name: 'dlq', timeout: 5_000, reconnect: false }).catch((error: unknown) => {
    throw new Error(`NATS at ${natsUrl} does not answer (${error instanceof Error ? error.message : String(error)}): start the line, or name it in NATS_URL.`);
  });
}

type OnLetters = Exclude<DlqCommand, { name: 'ls' }>;

/** One after another, so that replayed events come in the order in which they are named. */
async function each({ ids }: OnLetters, work: (id: string) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const id of ids) results.push(await work(id));
  return results;
}

function list(desk: DeadLetterDesk, { reason, ageMs, limit, state, asJson }: Extract<DlqCommand, { name: 'ls' }>): Result {
  const nowMs = Date.now();
  const letters = desk.list({ limit, ...(reason === undefined ? {} : { reason }), ...(state ? { state } : {}), ...(ageMs === undefined ? {} : { sinceMs: nowMs - ageMs }) });
  const reasons = desk.reasons();
  return { text: asJson ? JSON.stringify({ reasons, letters }, null, 2) : listText(letters, reasons, { nowMs, forgotten: desk.forgotten }), done: true };
}

async function run(desk: DeadLetterDesk, command: OnLetters, id: string): Promise<Result> {
  if (command.name === 'show') {
    const detail = await desk.detail(id);
    return detail ? { text: detailText(detail), done: true } : { text: `${id}: no dead letter of this id is kept`, done: false };
  }
  if (command.name === 'drop') {
    const { kind, message } = await desk.drop(id, command);
    return { text: `${id}: ${message}`, done: kind === 'dropped' || kind === 'already-dropped' };
  }
  const outcome = await desk.replay(id, command);
  return { text: `${id}: ${replayText(outcome)}`, done: outcome.kind === 'accepted' || outcome.kind === 'duplicate' };
}

function replayText(outcome: ReplayOutcome): string {
  if (outcome.kind === 'rejected') return `refused again: ${outcome.reason} ${outcome.field}: ${outcome.message}`;
  if (outcome.kind === 'not-replayable') return `cannot be replayed: ${outcome.message}`;
  if ('message' in outcome) return outcome.message;
  const words = outcome.kind === 'accepted' ? 'accepted' : 'already accepted: the door knows this event';
  return outcome.isMarked ? words : `${words}; the stream of dead letters could not take the note of it, so it is still listed as open`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
