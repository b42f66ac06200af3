import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedText } from '../public-item';
import { BodyError } from './body-error';
import { splitterFor } from './split-items';

const json = 'application/json';
const lines = 'application/x-ndjson';

/** The batches of a body that comes in chunks of these sizes, again and again. */
function batchesOf(type: string, text: string, chunkBytes: readonly number[]): unknown[][] {
  const splitter = splitterFor(type);
  const bytes = Buffer.from(text);
  const batches: unknown[][] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = chunkBytes[turn % chunkBytes.length]!;
    for (const batch of splitter.push(bytes.subarray(at, at + size))) batches.push([...batch]);
    at += size;
  }
  for (const batch of splitter.end()) batches.push([...batch]);
  return batches;
}

const chunks = fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 4 });
const item = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.record({ id: fc.string({ unit: 'grapheme' }), text: fc.constantFrom('"', '\\', '\\"', '],[', '{"', 'x'.repeat(30_000)) }));

describe('a body in pieces', () => {
  it('gives the items of an array as the parser does, wherever it is cut', () => {
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 12 }), chunks, fc.constantFrom(undefined, 2), (items, chunkBytes, spaces) => {
        const text = ` ${JSON.stringify(items, undefined, spaces)}\n`;
        expect(batchesOf(json, text, chunkBytes).flat()).toEqual(JSON.parse(text));
      }),
      { numRuns: 60 },
    );
  });

  it('gives the lines of NDJSON, the broken one by its number', () => {
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 12 }), chunks, (items, chunkBytes) => {
        const text = `${items.map((value) => JSON.stringify(value)).join('\r\n\n')}\n{"broken\n`;
        const read = batchesOf(lines, text, chunkBytes).flat();
        expect(read.slice(0, -1)).toEqual(items.map((value) => JSON.parse(JSON.stringify(value)) as unknown));
        expect(read.at(-1)).toMatchObject({ where: `line ${2 * items.length}`, text: '{"broken' });
        expect(read.at(-1)).toBeInstanceOf(MalformedText);
      }),
      { numRuns: 40 },
    );
  });

  it('holds one piece of a large array at a time', () => {
    const batches = batchesOf(json, JSON.stringify(Array.from({ length: 5_000 }, (_, id) => ({ id, text: 'x'.repeat(100) }))), [16_384]);
    expect(batches.length).toBeGreaterThan(5);
    expect(Math.max(...batches.map(({ length }) => length))).toBeLessThan(700);
  });

  it.each(['[1,]', '[,1]', '[1 2]', '[1]x', '[{]}', '[1', '{"a":1}}', '7', '"text"', 'nothing', '[1,,2]', '{"a":'])('refuses %s whatever its pieces', (text) => {
    for (const size of [1, 2, 100]) expect(() => batchesOf(json, text, [size]), text).toThrow(BodyError);
  });

  it('hands on what came before a large array breaks, and says that it is broken', () => {
    const good = JSON.stringify(Array.from({ length: 3_000 }, (_, id) => ({ id, text: 'x'.repeat(100) })));
    const splitter = splitterFor(json);
    let read = 0;
    expect(() => {
      for (const batch of splitter.push(Buffer.from(`${good.slice(0, -1)},{"id":]}`))) read += batch.length;
      for (const batch of splitter.end()) read += batch.length;
    }).toThrow(/not JSON/);
    expect(read).toBeGreaterThan(2_000);
  });

  it('refuses an item that is held too long', () => {
    const endless = `[{"text":"${'x'.repeat(1_200_000)}`;
    for (const type of [json, lines]) expect(() => batchesOf(type, endless, [65_536])).toThrow(expect.objectContaining({ status: 413 }));
  });
});
