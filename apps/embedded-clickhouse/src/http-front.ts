import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { Admission } from './admission';
import { frontError } from './clickhouse-error';
import type { EngineProcess } from './engine-process';
import type { EngineStatistics } from './engine-protocol';
import { readRequestOptions } from './http-request';
import { HttpReply } from './http-reply';
import { bindParameters } from './query-parameters';
import type { BodySpool } from './request-body';
import { readStatementText } from './request-body';
import { insertFromFile, readStatement } from './sql-statement';

// Formats whose rows stand alone: the engine formats each streamed piece by itself, so a header or a frame would repeat.
const ROW_FORMATS = new Set(['JSONEachRow', 'JSONCompactEachRow', 'JSONStringsEachRow', 'CSV', 'TabSeparated', 'TSV', 'TabSeparatedRaw', 'RowBinary', 'Native']);
// A reader that takes nothing for this long gives its session back.
const IDLE_TIMEOUT_MS = 120_000;

export interface FrontOptions {
  readonly engine: EngineProcess;
  readonly spool: BodySpool;
  readonly sessions: number;
  readonly waitingRequests: number;
}

/** The HTTP door of ClickHouse in front of the embedded engine. */
export function createFront(options: FrontOptions): Server {
  const admission = new Admission(options.sessions, options.waitingRequests);
  const front = { ...options, admission };
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 10_000 }, (request, response) => void answer(front, request, response));
  return server.setTimeout(IDLE_TIMEOUT_MS);
}

type Front = FrontOptions & { readonly admission: Admission };

async function answer(front: Front, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let reply = new HttpReply(response, { queryId: '', acceptsGzip: false });
  response.on('error', () => undefined);
  try {
    refuseBrowsers(request);
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (path === '/ping' || path === '/replicas_status') return ping(front, response);
    if (path !== '/') return void response.writeHead(404).end(`There is no handle ${path}\n`);
    const requestOptions = readRequestOptions(request);
    reply = new HttpReply(response, requestOptions);
    await query(front, request, requestOptions, reply);
  } catch (error) {
    reply.fail(error);
  }
}

function ping(front: Front, response: ServerResponse): void {
  if (front.engine.version) response.writeHead(200, { 'Content-Type': 'text/html; charset=UTF-8' }).end('Ok.\n');
  else response.writeHead(503, { 'Retry-After': '1' }).end('The engine is starting.\n');
}

/** There are no passwords, so no web page may reach the door: browsers name an origin, and a rebound name is not this host's. */
function refuseBrowsers(request: IncomingMessage): void {
  const host = (request.headers.host ?? 'localhost').replace(/:\d+$/, '');
  const isLocalName = ['localhost', '127.0.0.1', '[::1]'].includes(host);
  if (request.headers.origin !== undefined || !isLocalName) throw frontError('ACCESS_DENIED', 'The embedded engine does not answer web pages or foreign host names');
}

type Options = ReturnType<typeof readRequestOptions>;

async function query(front: Front, request: IncomingMessage, options: Options, reply: HttpReply): Promise<void> {
  const inUrl = options.queryInUrl === '' ? undefined : readStatement(options.queryInUrl);
  if (inUrl?.kind === 'insert-of-data') return insert(front, request, inUrl, options, reply);
  // As in ClickHouse, a body continues the query of the address.
  const text = options.queryInUrl + (await readStatementText(request));
  const statement = readStatement(text);
  if (statement.kind === 'insert-of-data') return insert(front, request, statement, options, reply);
  if (statement.sql.trim() === '') throw frontError('SYNTAX_ERROR', 'Empty query');
  const format = statement.format ?? options.defaultFormat ?? 'TabSeparated';
  const streamed = statement.kind === 'rows' && ROW_FORMATS.has(format);
  await run(front, { sql: statement.sql, format, answer: streamed ? 'streamed' : 'whole', written: false }, options, reply);
}

async function insert(front: Front, request: IncomingMessage, statement: Parameters<typeof insertFromFile>[0], options: Options, reply: HttpReply): Promise<void> {
  await front.spool.withFile(statement.data, request, (path) =>
    run(front, { sql: insertFromFile(statement, path), format: 'TabSeparated', answer: 'whole', written: true }, options, reply),
  );
}

interface Run {
  readonly sql: string;
  readonly format: string;
  readonly answer: 'streamed' | 'whole';
  readonly written: boolean;
}

async function run(front: Front, { sql, format, answer, written }: Run, options: Options, reply: HttpReply): Promise<void> {
  const bound = bindParameters(sql, options.parameters);
  const leave = await front.admission.enter();
  try {
    if (reply.closed) return;
    const database = options.database === 'default' ? undefined : options.database;
    const statistics = await relay(front.engine.run({ sql: bound, format, answer, settings: options.settings, database }), format, reply);
    if (statistics) reply.end(format, statistics, written);
  } finally {
    leave();
  }
}

/** Passes pieces on; a reader that has gone ends the query. */
async function relay(pieces: AsyncGenerator<Uint8Array, EngineStatistics, void>, format: string, reply: HttpReply): Promise<EngineStatistics | undefined> {
  for (;;) {
    const piece = await pieces.next();
    if (piece.done) return piece.value;
    await reply.write(format, piece.value);
    if (reply.closed) {
      await pieces.return({ rows: 0, bytes: 0, elapsedSeconds: 0 });
      return undefined;
    }
  }
}
