import type { Condition, FieldRule } from './mapping-file';
import { minorUnitsOf, type Converted } from './money';
import type { TableRow } from './table';
import { timeReader } from './time-format';

export type FieldReader = (row: TableRow) => Converted<unknown>;
export type TemplateReader = (row: TableRow) => Converted<string>;

/** A field's value for a row; `undefined` where the cell is empty and may be. */
export function fieldReader(rule: FieldRule, timeZone: string): FieldReader {
  if ('constant' in rule) return () => ({ ok: true, value: rule.constant });
  if ('template' in rule) return templateReader(rule.template);
  const convert = converterOf(rule, timeZone);
  return (row) => {
    const text = row.cell(rule.column).trim();
    if (text === '') return rule.optional ? { ok: true, value: undefined } : { ok: false, reason: `${rule.column} is empty` };
    const converted = convert(text);
    return converted.ok ? converted : { ok: false, reason: `${rule.column}: ${converted.reason}` };
  };
}

/** The columns that a template names. */
export function columnsOf(template: string): string[] {
  return [...template.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] ?? '').filter((name) => name !== 'file' && name !== 'line');
}

/** Fills {column}, {file} and {line}; an empty column is a reason to reject, since an id made of it would not be one. */
export function templateReader(template: string): TemplateReader {
  const parts = template.split(/\{([^{}]+)\}/);
  return (row) => {
    let value = '';
    for (const [index, part] of parts.entries()) {
      const text = index % 2 === 0 ? part : part === 'file' ? row.origin.file : part === 'line' ? String(row.origin.line) : row.cell(part).trim();
      if (index % 2 === 1 && text === '') return { ok: false, reason: `${part} is empty` };
      value += text;
    }
    return { ok: true, value };
  };
}

export function conditionHolds(condition: Condition): (row: TableRow) => boolean {
  const { column, equals, not, matches } = condition;
  if (matches !== undefined) {
    const expression = new RegExp(matches, 'u');
    return (row) => expression.test(row.cell(column).trim());
  }
  const values = new Set([equals ?? not ?? []].flat());
  return (row) => values.has(row.cell(column).trim()) === (equals !== undefined);
}

type ColumnRule = Exclude<FieldRule, { constant: unknown } | { template: string }>;

function converterOf(rule: ColumnRule, timeZone: string): (text: string) => Converted<unknown> {
  if ('lookup' in rule) return (text) => lookup(rule.lookup, rule.otherwise, text);
  switch (rule.as) {
    case 'money':
      return (text) => {
        const minor = minorUnitsOf(text, rule);
        return minor.ok && rule.absolute ? { ok: true, value: Math.abs(minor.value) } : minor;
      };
    case 'boolean':
      return (text) => (rule.true.includes(text) ? { ok: true, value: true } : rule.false.includes(text) ? { ok: true, value: false } : { ok: false, reason: 'not a yes or no' });
    case 'integer':
      return (text) => number(text, /^[+-]?\d{1,15}$/, 'not an integer');
    case 'number':
      return (text) => number(text, /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i, 'not a number');
    case 'time':
      return (text) => isoText(text, timeZone);
    case 'text':
      return (text) => ({ ok: true, value: text });
  }
}

function lookup(table: Readonly<Record<string, unknown>>, otherwise: unknown, text: string): Converted<unknown> {
  if (Object.hasOwn(table, text)) return { ok: true, value: table[text] };
  return otherwise === undefined ? { ok: false, reason: 'not in the lookup' } : { ok: true, value: otherwise };
}

function number(text: string, form: RegExp, reason: string): Converted<number> {
  const value = Number(text);
  return form.test(text) && Number.isFinite(value) ? { ok: true, value } : { ok: false, reason };
}

function isoText(text: string, timeZone: string): Converted<string> {
  const at = timeReader('iso', timeZone)(text);
  return at.ok ? { ok: true, value: new Date(at.value).toISOString() } : at;
}
