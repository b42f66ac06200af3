/** A piece of SQL that matters for finding clauses: words, single symbols and `{name:Type}` substitutions. */
export interface SqlToken {
  readonly kind: 'word' | 'symbol' | 'quoted' | 'substitution';
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** How many brackets stand open before it. */
  readonly depth: number;
}

const SKIPPED = /(?:\s+|--[^\n]*|#![^\n]*|# [^\n]*|\/\*[\s\S]*?\*\/)+/y;
const QUOTED = /'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|`(?:[^`\\]|\\[\s\S]|``)*`/y;
const WORD = /[\p{L}\p{N}_.$]+/uy;
const SUBSTITUTION = /\{\s*[A-Za-z_]\w*\s*:(?:[^{}'"]|'(?:[^'\\]|\\[\s\S])*')*\}/y;

/** Walks over a statement without looking into strings, quoted names and comments. Lazy: the data behind a FORMAT is never read. */
export function* sqlTokens(sql: string): Generator<SqlToken> {
  let depth = 0;
  for (let position = skip(sql, 0); position < sql.length; position = skip(sql, position)) {
    const [kind, text] = tokenAt(sql, position);
    if (text === ')' || text === ']') depth--;
    yield { kind, text, start: position, end: position + text.length, depth };
    if (text === '(' || text === '[') depth++;
    position += text.length;
  }
}

function tokenAt(sql: string, position: number): [SqlToken['kind'], string] {
  for (const [kind, pattern] of [['word', WORD], ['quoted', QUOTED], ['substitution', SUBSTITUTION]] as const) {
    pattern.lastIndex = position;
    const match = pattern.exec(sql);
    if (match) return [kind, match[0]];
  }
  return ['symbol', sql[position] ?? ''];
}

function skip(sql: string, position: number): number {
  SKIPPED.lastIndex = position;
  return position + (SKIPPED.exec(sql)?.[0].length ?? 0);
}
