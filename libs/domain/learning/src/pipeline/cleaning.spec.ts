import { describe, expect, it } from 'vitest';
import { applyCleaning, cleanedNames, learnCleaning } from './cleaning';
import type { Table } from './table';
import { tableOf } from './table';

const rows = 200;
const numbers = (of: (row: number) => number) => Float64Array.from({ length: rows }, (_, row) => of(row));
const table: Table = {
  rows,
  columns: [
    { kind: 'number', name: 'amount', values: numbers((row) => (row % 10 === 0 ? NaN : row === 7 ? 1e9 : row % 50)) },
    { kind: 'number', name: 'twin', values: numbers((row) => (row % 10 === 0 ? NaN : row === 7 ? 2e9 : 2 * (row % 50) + 1)) },
    { kind: 'number', name: 'constant', values: numbers(() => 3) },
    { kind: 'number', name: 'nearly empty', values: numbers((row) => (row === 1 ? 1 : NaN)) },
    { kind: 'category', name: 'job', values: Array.from({ length: rows }, (_, row) => (row === 5 ? 'astronaut' : row % 3 === 0 ? 'nurse' : 'cook')) },
  ],
};

describe('learnCleaning', () => {
  const record = learnCleaning(table, { outlierShare: 0.01 });

  it('drops what is constant, nearly empty or a twin, and says why', () => {
    expect(cleanedNames(record)).toEqual(['amount', 'job=cook', 'job=nurse', 'job=other']);
    expect(record.dropped.map(({ name, reason }) => `${name}: ${reason}`)).toEqual(['twin: correlates 1.000 with amount', 'constant: constant: 3', 'nearly empty: 99.5 % missing']);
  });

  it('clips outliers, fills the missing and scales, for linear models', () => {
    const matrix = applyCleaning(record, table, 'scaled');
    const amounts = Array.from({ length: rows }, (_, row) => matrix[row * 4] ?? NaN);
    expect(Math.max(...amounts)).toBeLessThan(3);
    expect(amounts.reduce((sum, value) => sum + value, 0) / rows).toBeCloseTo(0, 5);
    expect(amounts.reduce((sum, value) => sum + value * value, 0) / rows).toBeCloseTo(1, 5);
  });

  it('leaves numbers and missing values as they are, for trees', () => {
    const matrix = applyCleaning(record, table, 'plain');
    expect([matrix[0], matrix[4], matrix[7 * 4]]).toEqual([NaN, 1, 1e9]);
  });

  it('folds rare and unknown values of later rows into "other", and refuses rows that lack a column', () => {
    const later: Table = { rows: 3, columns: [{ kind: 'number', name: 'amount', values: Float64Array.of(1, 2, 3) }, { kind: 'category', name: 'job', values: ['pilot', 'cook', 'astronaut'] }] };
    const matrix = applyCleaning(record, later, 'plain');
    expect([...matrix]).toEqual([1, 0, 0, 1, 2, 1, 0, 0, 3, 0, 0, 1]);
    expect(() => applyCleaning(record, tableOf(Float32Array.of(1), 1, ['amount']), 'plain')).toThrow(/no category column "job"/);
  });

  it('survives as JSON, so that it can be stored with the model', () => {
    const restored = JSON.parse(JSON.stringify(record)) as typeof record;
    expect(applyCleaning(restored, table, 'scaled')).toEqual(applyCleaning(record, table, 'scaled'));
  });
});
