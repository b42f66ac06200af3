import { signatureHeaders, signatureOver, signatureToleranceMs } from '@sp/contracts';
import type { IncomingHttpHeaders } from 'node:http';
import { timingSafeEqual } from 'node:crypto';
import { Readable } from 'node:stream';
import type { IncomingBody } from '../http/bodies';
import type { DeclaredSource, SourcesByKey } from './source-declarations';

/** Who sends, and the body that is his; or why he is not let in. Without keys everybody is let in, as nobody. */
export type Admission = { readonly source: DeclaredSource | undefined; readonly body: IncomingBody } | { readonly refused: string };

export interface DoorKeeperOptions {
  /** As declared now; undefined: the door is open. */
  readonly sources: () => SourcesByKey | undefined;
  readonly mostBodyBytes: number;
  readonly nowMs: () => number;
}

/**
 * Checks who sends before a byte of a body is read as events. A signed body is held as it came (packed, if it is) until its last byte has
 * arrived, since only then is it known to be the sender's; it is unpacked and read piece by piece after that.
 */
export class DoorKeeper {
  constructor(private readonly options: DoorKeeperOptions) {}

  async admit(headers: IncomingHttpHeaders, body: IncomingBody): Promise<Admission> {
    const sources = this.options.sources();
    if (!sources) return { source: undefined, body };
    const [key, id, time, signature] = [signatureHeaders.key, signatureHeaders.id, signatureHeaders.time, signatureHeaders.signature].map((name) => oneOf(headers[name]));
    if (!key || !id || !time || !signature) return { refused: `sign the request: the headers ${Object.values(signatureHeaders).join(', ')}` };
    if (!(Math.abs(Date.parse(time) - this.options.nowMs()) <= signatureToleranceMs)) return { refused: `${signatureHeaders.time} is more than ${signatureToleranceMs / 60_000} minutes from the time here` };
    const known = sources.get(key);
    const chunks = await this.#held(body);
    // Its reader refuses what says that it is too large, before anything of it is read.
    if (!chunks) return { source: undefined, body: { ...body, declaredBytes: Infinity } };
    // An unknown key costs its sender the same time as a wrong signature.
    const expected = signatureOver(known?.secret ?? 'no such key', id, time);
    for (const chunk of chunks) expected.update(chunk);
    if (!isSame(expected.digest(), signature) || !known) return { refused: 'the key or the signature is wrong' };
    return { source: known.source, body: { ...body, stream: Readable.from(chunks, { objectMode: false }) } };
  }

  /** Undefined where it is too large. */
  async #held({ stream, declaredBytes }: IncomingBody): Promise<Buffer[] | undefined> {
    const { mostBodyBytes } = this.options;
    if ((declaredBytes ?? 0) > mostBodyBytes) return undefined;
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > mostBodyBytes) return undefined;
      chunks.push(chunk);
    }
    return chunks;
  }
}

function oneOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? undefined : header;
}

function isSame(expected: Buffer, signature: string): boolean {
  const given = Buffer.from(signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
