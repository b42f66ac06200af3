import type { IncomingMessage } from 'node:http';
import { randomUUID } from 'node:crypto';
import { frontError } from './clickhouse-error';

/** What a request's address and headers say, apart from its body. */
export interface RequestOptions {
  readonly queryInUrl: string;
  readonly queryId: string;
  readonly database: string | undefined;
  readonly defaultFormat: string | undefined;
  readonly parameters: ReadonlyMap<string, string>;
  readonly settings: Readonly<Record<string, string>>;
  readonly acceptsGzip: boolean;
}

// The engine's own defaults lose or double blocks here: an asynchronous insert answers before it is stored, and a
// retried block reaches materialised views again. A client may still set each of them otherwise.
const DEFAULT_SETTINGS = {
  async_insert: '0',
  insert_deduplicate: '1',
  deduplicate_blocks_in_dependent_materialized_views: '1',
};

// Words of the protocol that are not settings; those of them with a meaning here are read by name.
const PROTOCOL_WORDS = new Set([
  'query', 'query_id', 'database', 'default_format', 'user', 'password', 'quota_key', 'role', 'session_timeout', 'session_check',
  'wait_end_of_query', 'buffer_size', 'stacktrace', 'client_protocol_version', 'close_session',
]);

export function readRequestOptions(request: IncomingMessage): RequestOptions {
  const address = new URL(request.url ?? '/', 'http://localhost').searchParams;
  refuseUnsupported(address);
  const settings = readSettings(address);
  if (request.method === 'GET') settings['readonly'] ??= '2';
  const wantsCompression = ['1', 'true'].includes(settings['enable_http_compression'] ?? '');
  return {
    queryInUrl: address.get('query') ?? '',
    queryId: address.get('query_id') || header(request, 'x-clickhouse-query-id') || randomUUID(),
    database: address.get('database') ?? header(request, 'x-clickhouse-database'),
    defaultFormat: address.get('default_format') ?? header(request, 'x-clickhouse-format'),
    parameters: readParameters(address),
    settings,
    acceptsGzip: wantsCompression && /\bgzip\b/.test(header(request, 'accept-encoding') ?? ''),
  };
}

/** An answer that silently ignored one of these would be wrong, so they are refused. */
function refuseUnsupported(address: URLSearchParams): void {
  for (const word of ['session_id', 'compress', 'decompress']) {
    const value = address.get(word);
    if (value && value !== '0') throw frontError('NOT_IMPLEMENTED', `The embedded engine's front does not support ${word}`);
  }
}

function readSettings(address: URLSearchParams): Record<string, string> {
  const settings: Record<string, string> = { ...DEFAULT_SETTINGS };
  for (const [name, value] of address) {
    if (PROTOCOL_WORDS.has(name) || name.startsWith('param_') || ['session_id', 'compress', 'decompress'].includes(name)) continue;
    if (!/^[a-z]\w*$/i.test(name)) throw frontError('BAD_ARGUMENTS', `A setting cannot be called ${JSON.stringify(name)}`);
    settings[name] = value;
  }
  return settings;
}

function readParameters(address: URLSearchParams): Map<string, string> {
  const named = [...address].filter(([name]) => name.startsWith('param_'));
  return new Map(named.map(([name, value]) => [name.slice('param_'.length), value]));
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
