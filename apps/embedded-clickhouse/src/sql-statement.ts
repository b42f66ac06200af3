import { frontError } from './clickhouse-error';
import type { SqlToken } from './sql-tokens';
import { sqlTokens } from './sql-tokens';

/** One statement, seen as the HTTP protocol needs it. */
export type SqlStatement =
  | { readonly kind: 'insert-of-data'; readonly target: string; readonly settings: string; readonly format: string; readonly data: string }
  | { readonly kind: 'rows' | 'other'; readonly sql: string; readonly format: string | undefined };

/**
 * Splits an `INSERT … [SETTINGS …] FORMAT X <data>` (or `VALUES <data>`) from its data, and finds a query's output format.
 * The engine must never see the data as SQL: inline CSV ends at an empty line there, and what follows would be run.
 */
export function readStatement(sql: string): SqlStatement {
  const tokens: SqlToken[] = [];
  for (const token of sqlTokens(sql)) {
    tokens.push(token);
    const insert = insertEndingAt(sql, tokens);
    if (insert) return insert;
  }
  const statement = withoutSemicolon(sql, tokens);
  const format = tokens.findLast((token, i) => i > 0 && isWord(tokens[i - 1], 'FORMAT') && token.kind === 'word')?.text;
  const first = tokens.find((token) => token.kind === 'word')?.text.toUpperCase();
  const isRows = (first === 'SELECT' || first === 'WITH') && !tokens.some((token) => isWord(token, 'OUTFILE'));
  return { kind: isRows ? 'rows' : 'other', sql: statement, format };
}

/** The insert as the engine takes it: with its data in a file. */
export function insertFromFile(insert: SqlStatement & { kind: 'insert-of-data' }, path: string): string {
  return `${insert.target} FROM INFILE '${path.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}' ${insert.settings} FORMAT ${insert.format}`;
}

function insertEndingAt(sql: string, tokens: readonly SqlToken[]): (SqlStatement & { kind: 'insert-of-data' }) | undefined {
  const last = tokens.at(-1);
  if (!last || last.depth > 0 || tokens.length < 4 || !isWord(tokens[0], 'INSERT')) return undefined;
  if (tokens.some((token) => token.depth === 0 && isWord(token, 'SELECT'))) return undefined;
  const isFormat = last.kind === 'word' && isWord(tokens.at(-2), 'FORMAT');
  // A table may be called `values`: the word opens data only behind a table's name or its column list.
  if (!isFormat && !(isWord(last, 'VALUES') && !isWord(tokens.at(-2), 'INTO') && !isWord(tokens.at(-2), 'TABLE'))) return undefined;
  const headEnd = (isFormat ? tokens.at(-2) : last)?.start ?? 0;
  const settingsStart = tokens.find((token) => token.depth === 0 && isWord(token, 'SETTINGS'))?.start ?? headEnd;
  return {
    kind: 'insert-of-data',
    target: sql.slice(0, settingsStart).trimEnd(),
    settings: sql.slice(settingsStart, headEnd).trimEnd(),
    format: isFormat ? last.text : 'Values',
    data: sql.slice(last.end).replace(/^[ \t\r]*;?[ \t\r]*\n?/, ''),
  };
}

/** The engine would run several statements, the protocol allows one: refuse what follows a semicolon instead of running it. */
function withoutSemicolon(sql: string, tokens: readonly SqlToken[]): string {
  const semicolon = tokens.findIndex((token) => token.kind === 'symbol' && token.text === ';');
  if (semicolon < 0) return sql;
  if (tokens.slice(semicolon).some((token) => token.text !== ';')) throw frontError('SYNTAX_ERROR', 'Multi-statements are not allowed');
  return sql.slice(0, tokens[semicolon]?.start);
}

function isWord(token: SqlToken | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toUpperCase() === word;
}
