import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { serveContract } from './contract-pages';

const contentTypes = ['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json', 'application/x-ndjson'];
/** A sender that has not brought its request to an end by then is let go: it holds a place that others could use. */
const requestTimeoutMs = 60_000;

/** A body as it comes in: nothing of it has been read yet. */
export interface IncomingBody {
  readonly stream: Readable;
  readonly type: string;
  readonly isGzip: boolean;
  /** As its sender says it; undefined where he does not. */
  readonly declaredBytes: number | undefined;
}

/** Bodies arrive as streams and are read by the door itself, piece by piece, so that none is held whole. What the door takes is said by its pages. */
export function configureBodies(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  serveContract(app);
  fastify.server.requestTimeout = requestTimeoutMs;
  fastify.removeAllContentTypeParsers();
  for (const type of contentTypes) {
    fastify.addContentTypeParser(type, (request, payload, done) => {
      const encoding = encodingOf(request);
      if (encoding !== 'identity' && encoding !== 'gzip') return done(unknownEncoding(encoding));
      const declared = Number(request.headers['content-length'] ?? NaN);
      done(null, { stream: payload, type, isGzip: encoding === 'gzip', declaredBytes: Number.isFinite(declared) ? declared : undefined } satisfies IncomingBody);
    });
  }
}

function encodingOf({ headers }: FastifyRequest): string {
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  return encoding === 'x-gzip' ? 'gzip' : encoding;
}

function unknownEncoding(encoding: string): Error {
  return Object.assign(new Error(`no content-encoding "${encoding.slice(0, 40)}" is read here: send gzip, or nothing of the kind`), { statusCode: 415 });
}

/** Reads what is left of a refused body to its end and forgets it, so that its sender hears the answer; up to a bound. */
export function discardRest({ stream }: IncomingBody, mostBytes: number): void {
  let left = mostBytes;
  stream.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) stream.destroy();
  });
  stream.on('error', () => undefined);
}
