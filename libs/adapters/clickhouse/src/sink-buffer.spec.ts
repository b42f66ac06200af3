import { expect, test } from 'vitest';
import { SinkBuffer } from './sink-buffer';

const row = (table: string, value: number) => ({ table, row: value });

test('a flush holds one block for each table, in the order of the line, under a token of its last position', () => {
  const buffer = new SinkBuffer<number>({ sink: 'facts', partition: 2, maxRows: 4 });
  buffer.add(7, [row('a', 1), row('b', 2)]);
  buffer.add(8, []);
  expect(buffer.isDue).toBe(false);
  buffer.add(9, [row('a', 3), row('a', 4)]);
  expect(buffer.isDue).toBe(true);
  expect(buffer.take()).toEqual({ from: 7, to: 9, token: 'facts:2:9', blocks: [{ table: 'a', rows: [1, 3, 4] }, { table: 'b', rows: [2] }] });
  expect(buffer.take()).toBeUndefined();
});

test('rows up to the stored position of their own table are skipped', () => {
  const buffer = new SinkBuffer<number>({ sink: 's', partition: 0, maxRows: 10, stored: new Map([['a', 5], ['b', 4]]) });
  buffer.add(5, [row('a', 1), row('b', 2)]);
  buffer.add(6, [row('a', 3)]);
  expect(buffer.take()?.blocks).toEqual([{ table: 'b', rows: [2] }, { table: 'a', rows: [3] }]);
});

test('frames without rows still move the position', () => {
  const buffer = new SinkBuffer<number>({ sink: 's', partition: 0, maxRows: 10 });
  buffer.add(1, []);
  expect(buffer.take()).toEqual({ from: 1, to: 1, token: 's:0:1', blocks: [] });
});

test('an unfinished flush is repeated with exactly its range, whatever is stored and however many rows it has', () => {
  const buffer = new SinkBuffer<number>({ sink: 's', partition: 0, maxRows: 1, stored: new Map([['a', 4]]), unfinished: { from: 3, to: 5 } });
  buffer.add(2, [row('a', 2)]);
  buffer.add(3, [row('a', 3)]);
  expect(buffer.isDue).toBe(false);
  expect(buffer.take()).toBeUndefined();
  buffer.add(4, [row('a', 4)]);
  buffer.add(5, [row('a', 5)]);
  expect(buffer.isDue).toBe(true);
  expect(buffer.take()).toEqual({ from: 3, to: 5, token: 's:0:5', blocks: [{ table: 'a', rows: [3, 4, 5] }] });
  buffer.add(6, [row('a', 6)]);
  expect(buffer.isDue).toBe(true);
});

test('a frame out of order is refused', () => {
  const buffer = new SinkBuffer<number>({ sink: 's', partition: 0, maxRows: 1 });
  buffer.add(2, []);
  expect(() => buffer.add(2, [])).toThrow('frame 2 came after frame 2');
});
