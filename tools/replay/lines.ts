import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream/promises';
import { PassThrough, type Readable } from 'node:stream';
import { Refusal } from '@sp/testing';
import type { LineTally } from './mapping';
import type { Origin } from './produced';

export interface Line {
  readonly origin: Origin;
  readonly text: string;
}

/** Longer than any row of a table; whatever exceeds it is no text file. */
const longestLineCharacters = 1 << 20;

/** The physical lines of a file (.gz too), as `wc -l` counts them plus a last one without its newline. */
export async function* readLines(path: string, tally: LineTally): AsyncGenerator<Line> {
  const file = basename(path).replace(/\.gz$/, '');
  let line = 0;
  for await (const text of splitLines(openText(path), file)) {
    line += 1;
    tally.linesRead += 1;
    yield { origin: { file, line }, text: line === 1 ? text.replace(/^\ufeff/, '') : text };
  }
}

async function* splitLines(input: Readable, file: string): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of input) {
    const parts = (rest + decoder.write(chunk as Buffer)).split('\n');
    rest = parts.pop() ?? '';
    if (rest.length > longestLineCharacters) throw new Refusal(`${file} has a line of more than ${longestLineCharacters} characters: is it a text file?`);
    for (const part of parts) yield part.endsWith('\r') ? part.slice(0, -1) : part;
  }
  rest += decoder.end();
  if (rest !== '') yield rest;
}

/** Errors of the file and of gunzip both arrive at the reader, who stops; breaking off closes the file. */
function openText(path: string): Readable {
  if (!path.endsWith('.gz')) return createReadStream(path);
  const out = new PassThrough();
  pipeline(createReadStream(path), createGunzip(), out).catch((error: Error) => out.destroy(error));
  return out;
}
