import { maximumEventsARequest } from '@sp/contracts';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { IncomingBody } from './bodies';
import { BodyError } from './body-error';
import { splitterFor } from './split-items';

export interface BodyLimits {
  /** As it comes over the network. */
  readonly wireBytes: number;
  /** Unpacked: a small gzip may hold a great deal. */
  readonly plainBytes: number;
}

/**
 * The items of a body in batches, read while it comes in: one piece is held at a time. Throws BodyError where it cannot be read on, after all
 * batches that came before.
 */
export async function* readBatches(body: IncomingBody, limits: BodyLimits): AsyncGenerator<readonly unknown[]> {
  const splitter = splitterFor(body.type);
  let items = 0;
  const counted = (batch: readonly unknown[]): readonly unknown[] => {
    items += batch.length;
    if (items > maximumEventsARequest) throw new BodyError(413, `more than ${maximumEventsARequest} events in one request; send fewer at once`);
    return batch;
  };
  for await (const chunk of readChunks(body, limits)) for (const batch of splitter.push(chunk)) yield counted(batch);
  for (const batch of splitter.end()) yield counted(batch);
  if (items === 0) throw new BodyError(400, 'no event in the body');
}

/** The whole of a small body. */
export async function readText(body: IncomingBody, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of readChunks(body, { wireBytes: mostBytes, plainBytes: mostBytes })) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function* readChunks(body: IncomingBody, { wireBytes, plainBytes }: BodyLimits): AsyncGenerator<Buffer> {
  if ((body.declaredBytes ?? 0) > wireBytes) throw tooLarge(`the body has ${body.declaredBytes} bytes`, wireBytes);
  const wire = bounded(body.stream.iterator({ destroyOnReturn: false }), wireBytes, 'the body');
  yield* body.isGzip ? bounded(unpacked(wire), plainBytes, 'the unpacked body') : wire;
}

async function* bounded(chunks: AsyncIterable<Buffer>, mostBytes: number, what: string): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw tooLarge(`${what} has more than ${mostBytes} bytes`, mostBytes);
    yield chunk;
  }
}

async function* unpacked(wire: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  let problem: unknown;
  pipeline(Readable.from(wire, { objectMode: false }), gunzip, (error) => (problem = error));
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
  } catch (error) {
    const cause = problem ?? error;
    throw cause instanceof BodyError ? cause : new BodyError(400, `the body is not gzip: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function tooLarge(what: string, mostBytes: number): BodyError {
  return new BodyError(413, `${what}; send at most ${mostBytes} in one request`);
}
