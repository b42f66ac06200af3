import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTable, type TableOptions } from './table';
import { sampleFolder } from './testing/sample-folder';

/** Rows as `line: first cell`, the rest as what they are told as. */
async function told(text: string, options: Partial<TableOptions> = {}, name = 'table.csv'): Promise<{ rows: string[]; linesRead: number }> {
  const path = join(sampleFolder({ [name]: text }), name);
  const tally = { linesRead: 0 };
  const rows: string[] = [];
  for await (const row of readTable([path], { tally, rowLimit: Infinity, format: 'csv', ...options })) {
    if (row.kind === 'row') rows.push(`${row.origin.line}: ${row.cell('a')}${row.lines > 1 ? ` (${row.lines} lines)` : ''}`);
    else rows.push(row.kind === 'rejected' ? `${row.origin.line}! ${row.reason}` : row.what);
  }
  return { rows, linesRead: tally.linesRead };
}

describe('rows of a table', () => {
  it('reads quotes, newlines in fields, CRLF, a byte order mark and a last line without newline', async () => {
    const { rows, linesRead } = await told('\ufeffa,b\r\n1,"x, ""y"""\r\n"two\nlines",3\r\n4,5');
    expect(rows).toEqual(['header', '2: 1', '3: two\nlines (2 lines)', '5: 4']);
    expect(linesRead).toBe(5);
  });

  it('rejects bad lines by number and goes on', async () => {
    const { rows } = await told('a,b\n1,2\n1,2,3\n\nx"y,2\nonly\n7,8\n');
    expect(rows).toEqual(['header', '2: 1', '3! wrong number of columns', 'blank', '5! not CSV (quotes)', '6! wrong number of columns', '7: 7']);
  });

  it('does not let a stray quote swallow the rest of the file', async () => {
    const { rows } = await told(`a,b\n1,"open\n${'2,3\n'.repeat(60)}4,"open\n`);
    expect(rows.slice(0, 3)).toEqual(['header', '2! not CSV (quotes)', '3: 2']);
    expect(rows.slice(-2)).toEqual(['62: 2', '63! not CSV (quotes)']);
  });

  it('reads .gz, and the same rows', async () => {
    expect((await told('a\n1\n2\n', {}, 'table.csv.gz')).rows).toEqual(['header', '2: 1', '3: 2']);
  });

  it('stops after the row limit and has read no line more', async () => {
    expect(await told('a\n1\n2\n3\n', { rowLimit: 2 })).toEqual({ rows: ['header', '2: 1', '3: 2'], linesRead: 3 });
  });

  it('refuses a file that lacks a column, and says which it has', async () => {
    await expect(told('a,b\n1,2\n', { requiredColumns: ['a', 'amount'] })).rejects.toThrow('The file has no column "amount", which the mapping needs; it has: a, b.');
  });

  it('reads NDJSON by dotted names and rejects what is no object', async () => {
    const text = '{"a":1,"in":{"ner":3.40}}\n[1]\nnonsense\n\n{"a":"5"}\n';
    expect((await told(text, { format: 'ndjson' }, 'table.ndjson')).rows).toEqual(['1: 1', '2! not a JSON object', '3! not a JSON object', 'blank', '5: 5']);
  });
});
