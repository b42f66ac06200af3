/**
 * The engine's process: the only one that opens the data folder. A crash in native code ends this process and not the
 * front, which starts it again. Each query gets a session of its own (opening one costs 0.2 ms): a `SET` lasts as long
 * as its session, and a token that outlived its insert would make a later block disappear as a duplicate.
 */
import { Session } from 'chdb';
import type { EngineOptions, EngineQuery, EngineStatistics, FromEngine, ToEngine } from './engine-protocol';

const options = JSON.parse(process.argv[2] ?? '{}') as EngineOptions;
// Held open all the time: with its last session the engine itself would shut down.
const anchor = openFolder(options.folder);
const running = new Map<number, RunningQuery>();

interface RunningQuery {
  cancelled: boolean;
  wake: () => void;
}

process.on('message', (message: ToEngine) => {
  if (message.kind === 'run') void run(message.id, message.query);
  else if (message.kind === 'stop') stop();
  else {
    const query = running.get(message.id);
    if (message.kind === 'cancel' && query) query.cancelled = true;
    query?.wake();
  }
});
process.on('disconnect', stop);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

const version = (await anchor.queryAsync('SELECT version()', { format: 'TabSeparated' })).text().trim();
send({ kind: 'ready', version });

/** The engine refuses a folder that another process still holds; the front tries again a little later. */
function openFolder(folder: string): Session {
  try {
    return new Session(folder);
  } catch (error) {
    console.error(describe(error).message);
    process.exit(1);
  }
}

async function run(id: number, query: EngineQuery): Promise<void> {
  const state: RunningQuery = { cancelled: false, wake: () => undefined };
  running.set(id, state);
  let session: Session | undefined;
  try {
    session = await openSession(query);
    const statistics = query.answer === 'streamed' ? await stream(session, id, query, state) : await whole(session, id, query, state);
    send({ kind: 'done', id, statistics });
  } catch (error) {
    send({ kind: 'failed', id, ...describe(error) });
  } finally {
    session?.close();
    running.delete(id);
  }
}

async function openSession(query: EngineQuery): Promise<Session> {
  const session = new Session(options.folder);
  try {
    if (query.database) await session.queryAsync(`USE ${quoteName(query.database)}`);
    const assignments = Object.entries(query.settings).map(([name, value]) => `${name} = ${quoteText(value)}`);
    if (assignments.length > 0) await session.queryAsync(`SET ${assignments.join(', ')}`);
    return session;
  } catch (error) {
    session.close();
    throw error;
  }
}

async function stream(session: Session, id: number, query: EngineQuery, state: RunningQuery): Promise<EngineStatistics> {
  const startedAt = performance.now();
  let rows = 0;
  let bytes = 0;
  for await (const chunk of session.queryStream(query.sql, { format: query.format })) {
    rows += chunk.numRows;
    bytes += chunk.numBytes;
    await sendChunk(id, chunk.raw(), state);
    if (state.cancelled) break;
  }
  return { rows, bytes, elapsedSeconds: (performance.now() - startedAt) / 1000 };
}

async function whole(session: Session, id: number, query: EngineQuery, state: RunningQuery): Promise<EngineStatistics> {
  const result = await session.queryAsync(query.sql, { format: query.format });
  const bytes = result.bytes();
  if (bytes.length > 0) await sendChunk(id, bytes, state);
  return { rows: result.rowsRead, bytes: result.bytesRead, elapsedSeconds: result.elapsed };
}

/** Waits until the front has passed the chunk on, so that a slow reader holds the query back instead of filling memory. */
async function sendChunk(id: number, bytes: Uint8Array, state: RunningQuery): Promise<void> {
  const taken = new Promise<void>((resolve) => (state.wake = resolve));
  send({ kind: 'chunk', id, bytes });
  if (!state.cancelled) await taken;
}

function describe(error: unknown): { code: number; message: string } {
  const message = error instanceof Error ? error.message : String(error);
  const code = /Code: (\d+)\./.exec(message)?.[1];
  return { code: code ? Number(code) : 1001, message };
}

function send(message: FromEngine): void {
  if (process.connected) process.send?.(message);
}

/**
 * A query that still runs cannot be interrupted, and an orderly exit would wait for it while the folder stays locked. Its
 * insert has not been acknowledged and the engine writes parts atomically, so the hard way loses nothing.
 */
function stop(): void {
  if (running.size > 0) process.kill(process.pid, 'SIGKILL');
  anchor.close();
  process.exit(0);
}

function quoteName(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}

function quoteText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
