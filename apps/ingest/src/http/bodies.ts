import { maskCardNumbers, maximumEventsARequest } from '@sp/contracts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { MalformedText } from '../public-item';
import { serveContract } from './contract-pages';

const contentTypes = ['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json', 'application/x-ndjson'];

/** Bodies arrive as text and are read by the door itself, so that one bad line or item never loses the others. What the door takes is said by its pages. */
export function configureBodies(app: NestFastifyApplication, limitBytes: number): void {
  const fastify = app.getHttpAdapter().getInstance();
  serveContract(app);
  fastify.removeAllContentTypeParsers();
  for (const type of contentTypes) {
    fastify.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => {
      if (body.length > limitBytes) done(tooLarge(body.length, limitBytes));
      else done(null, { text: body.toString('utf8'), type });
    });
  }
}

function tooLarge(bytes: number, limitBytes: number): Error {
  return Object.assign(new Error(`the body has ${bytes} bytes; send at most ${limitBytes} in one request`), { statusCode: 413 });
}

export interface TextBody {
  readonly text: string;
  readonly type: string;
}

export type Parsed = { readonly values: readonly unknown[] } | { readonly problem: string };

export function parseBody(body: TextBody | undefined): Parsed {
  if (!body || typeof body.text !== 'string') return { problem: `send ${contentTypes.join(', ')}` };
  const parsed = body.type === 'application/x-ndjson' ? parseLines(body.text) : parseJson(body.text);
  if ('problem' in parsed) return parsed;
  if (parsed.values.length > maximumEventsARequest) return { problem: `${parsed.values.length} events in one request; send at most ${maximumEventsARequest}` };
  if (parsed.values.length === 0) return { problem: 'no event in the body' };
  return parsed;
}

function parseJson(text: string): Parsed {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return { values: value };
    return typeof value === 'object' && value !== null ? { values: [value] } : { problem: 'the body is neither an event nor an array of events' };
  } catch (error) {
    return { problem: maskCardNumbers(`the body is not JSON: ${(error as Error).message}`) };
  }
}

function parseLines(text: string): Parsed {
  const values: unknown[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      values.push(JSON.parse(line));
    } catch {
      values.push(new MalformedText(`line ${index + 1}`, line));
    }
  }
  return { values };
}
