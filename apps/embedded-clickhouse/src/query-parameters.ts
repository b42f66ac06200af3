import { frontError } from './clickhouse-error';
import { sqlTokens } from './sql-tokens';

/**
 * Puts the values of `param_x` in the place of `{x:Type}`, as typed literals. The engine could bind them itself, but its
 * binding state is shared by all sessions of a process: parameterised queries side by side read each other's values.
 */
export function bindParameters(sql: string, parameters: ReadonlyMap<string, string>): string {
  if (!sql.includes('{')) return sql;
  let bound = '';
  let position = 0;
  for (const token of sqlTokens(sql)) {
    if (token.kind !== 'substitution') continue;
    bound += sql.slice(position, token.start) + literalFor(token.text, parameters);
    position = token.end;
  }
  return bound + sql.slice(position);
}

function literalFor(substitution: string, parameters: ReadonlyMap<string, string>): string {
  const colon = substitution.indexOf(':');
  const name = substitution.slice(1, colon).trim();
  const type = substitution.slice(colon + 1, -1).trim();
  const value = parameters.get(name);
  if (value === undefined) throw frontError('UNKNOWN_QUERY_PARAMETER', `Substitution \`${name}\` is not set`);
  if (type === 'Identifier') return `\`${unescapeTabSeparated(value).replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
  if (value === '\\N') return `_CAST(NULL, ${quote(type)})`;
  // The engine casts texts to arrays and tuples, but not to maps: these become expressions of the statement.
  if (type.includes('Map(')) return `_CAST(${mapExpression(name, value)}, ${quote(type)})`;
  // Scalars arrive escaped as in a TabSeparated field; composite values are already texts in their own notation.
  const text = /^(Array|Tuple|Nested)\b/.test(type) ? value : unescapeTabSeparated(value);
  return `_CAST(${quote(text)}, ${quote(type)})`;
}

// Strings, numbers, brackets and the few words of a value; neither names nor comments, so it cannot leave its place.
const LITERAL = /^(?:'(?:[^'\\]|\\[\s\S])*'|(?!--)[\s,:()[\]{}+\-.\de]|null|true|false|nan|inf)+$/i;

function mapExpression(name: string, value: string): string {
  if (!LITERAL.test(value)) throw frontError('BAD_ARGUMENTS', `The value of \`${name}\` is not a literal`);
  return value.replaceAll(/'(?:[^'\\]|\\[\s\S])*'|[{}:]/g, (part) => ({ '{': 'map(', '}': ')', ':': ',' })[part] ?? part);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', 0: '\0' };

function unescapeTabSeparated(value: string): string {
  return value.replaceAll(/\\([\s\S])/g, (_, letter: string) => ESCAPES[letter] ?? letter);
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0')}'`;
}
