import { expect, test } from 'vitest';
import { insertFromFile, readStatement } from './sql-statement';

test.each([
  ['INSERT INTO t FORMAT CSV\n1,2\n\n3,4', 'INSERT INTO t', '', 'CSV', '1,2\n\n3,4'],
  ['insert into `a;b` (x, `format`) settings a=1, b=\'FORMAT\' format JSONEachRow {"x":";"}', 'insert into `a;b` (x, `format`)', "settings a=1, b='FORMAT'", 'JSONEachRow', '{"x":";"}'],
  ['INSERT INTO t (a) VALUES (1), (2);', 'INSERT INTO t (a)', '', 'Values', '(1), (2);'],
  ['/* FORMAT x */ INSERT INTO values -- VALUES\n FORMAT RowBinary', '/* FORMAT x */ INSERT INTO values -- VALUES', '', 'RowBinary', ''],
])('%j is split from its data', (sql, target, settings, format, data) => {
  expect(readStatement(sql)).toEqual({ kind: 'insert-of-data', target, settings, format, data });
});

test('an insert takes its data from a file, with the settings behind it', () => {
  const insert = { kind: 'insert-of-data', target: 'INSERT INTO t', settings: 'SETTINGS a = 1', format: 'CSV', data: '' } as const;
  expect(insertFromFile(insert, "/x'y")).toBe("INSERT INTO t FROM INFILE '/x\\'y' SETTINGS a = 1 FORMAT CSV");
});

test.each([
  ["SELECT 'FORMAT CSV' FORMAT JSON", 'rows', 'JSON'],
  ['SELECT 1 FORMAT CSV SETTINGS a = 1', 'rows', 'CSV'],
  ['-- SELECT\nWITH 1 AS x SELECT x', 'rows', undefined],
  ['INSERT INTO t SELECT 1', 'other', undefined],
  ['SHOW TABLES FORMAT TSV;', 'other', 'TSV'],
] as const)('%j is %s in %s', (sql, kind, format) => {
  expect(readStatement(sql)).toMatchObject({ kind, format });
});

test('a second statement is refused, a semicolon in a string is not', () => {
  expect(() => readStatement('SELECT 1; SELECT 2')).toThrow('Multi-statements');
  expect(readStatement("SELECT ';'; ")).toMatchObject({ sql: "SELECT ';'" });
});
