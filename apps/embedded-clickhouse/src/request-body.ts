import { createWriteStream } from 'node:fs';
import { mkdirSync, rmSync, statfsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createHash, randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { frontError } from './clickhouse-error';

const MEMORY_FOLDER = '/dev/shm';
// SQL itself is short; the engine refuses more than 256 KiB anyway (max_query_size), inline VALUES may be longer.
const STATEMENT_BYTES = 16 * 1024 * 1024;

/** Keeps insert bodies in files for the time of their insert, within a bound for each and one for all together. */
export class BodySpool {
  private readonly folder: string;
  private readonly totalBytes: number;
  private heldBytes = 0;

  constructor(dataFolder: string, private readonly bodyBytes: number) {
    this.totalBytes = 4 * bodyBytes;
    const inMemory = freeBytes(MEMORY_FOLDER) > 2 * this.totalBytes;
    const name = createHash('sha256').update(resolve(dataFolder)).digest('hex').slice(0, 16);
    this.folder = inMemory ? join(MEMORY_FOLDER, `embedded-clickhouse-${name}`) : join(resolve(dataFolder), '..', `spool-${name}`);
  }

  /** Drops what a killed predecessor left. Only the owner of the data folder may call it. */
  clear(): void {
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Writes `head` and the body to a file, hands its path to `use`, and removes it afterwards. */
  async withFile<T>(head: string, request: IncomingMessage, use: (path: string) => Promise<T>): Promise<T> {
    refuseDeclaredLength(request, this.bodyBytes);
    const path = join(this.folder, randomUUID());
    const held = { bytes: 0 };
    try {
      await pipeline(this.counted(head, request, held), createWriteStream(path, { mode: 0o600 }));
      return await use(path);
    } finally {
      this.heldBytes -= held.bytes;
      await rm(path, { force: true });
    }
  }

  private async *counted(head: string, request: IncomingMessage, held: { bytes: number }): AsyncGenerator<Buffer> {
    if (head !== '') yield Buffer.from(head);
    for await (const chunk of decoded(request)) {
      held.bytes += chunk.length;
      this.heldBytes += chunk.length;
      if (held.bytes > this.bodyBytes) throw tooLarge(this.bodyBytes);
      if (this.heldBytes > this.totalBytes) throw frontError('TOO_MANY_SIMULTANEOUS_QUERIES', 'Too many insert bodies wait for the engine');
      yield chunk;
    }
  }
}

/** A body that is SQL itself. */
export async function readStatementText(request: IncomingMessage): Promise<string> {
  refuseDeclaredLength(request, STATEMENT_BYTES);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of decoded(request)) {
    bytes += chunk.length;
    if (bytes > STATEMENT_BYTES) throw tooLarge(STATEMENT_BYTES);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function* decoded(request: IncomingMessage): AsyncGenerator<Buffer> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip') throw frontError('NOT_IMPLEMENTED', `Unknown content encoding ${encoding}; gzip is known`);
  const source: Readable = encoding === 'gzip' ? request.on('error', () => undefined).pipe(createGunzip()) : request;
  try {
    yield* source as AsyncIterable<Buffer>;
  } catch (error) {
    throw frontError('INCORRECT_DATA', `The body could not be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function refuseDeclaredLength(request: IncomingMessage, bound: number): void {
  if (Number(request.headers['content-length'] ?? 0) > bound) throw tooLarge(bound);
}

function tooLarge(bound: number): Error {
  return frontError('QUERY_IS_TOO_LARGE', `The body is larger than ${bound} bytes`);
}

function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}
