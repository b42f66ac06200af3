import type { ContractDigest, FieldDigest, TypeDigest } from './golden-digest';

const advice = {
  in: 'Events that banks send today would be refused or read otherwise. Take the change back, make the field optional, or give the new meaning a new field or a new event type beside this one.',
  out: 'Banks that read this event today could no longer. Take the change back, or put what is new into a new field or a new event type beside this one.',
} as const;

/** Every way in which `now` breaks what was promised `before`, each a sentence that says what to do; empty where all is kept. */
export function incompatibilities(before: ContractDigest, now: ContractDigest): string[] {
  return Object.entries(before).flatMap(([type, kept]) => {
    const current = now[type];
    if (!current) return [`${type}: the event type was removed. Put it back: an event type may be left unused, but banks go on sending it.`];
    return changesOf(kept, current).map((change) => `${type}: ${change}. ${advice[kept.direction]}`);
  });
}

function changesOf(kept: TypeDigest, current: TypeDigest): string[] {
  const found: string[] = [];
  for (const [path, field] of Object.entries(kept.fields)) {
    const after = current.fields[path];
    if (after) found.push(...changesOfField(nameOf(path), field, after, kept.direction));
    else found.push(`${nameOf(path)} was removed`);
  }
  if (kept.direction === 'in') found.push(...newlyRequired(kept, current));
  return found;
}

function nameOf(path: string): string {
  return path === '' ? 'the whole' : `"${path}"`;
}

/** A field that is new must not be asked of those who do not know it, unless what holds it is as new as itself. */
function newlyRequired(kept: TypeDigest, current: TypeDigest): string[] {
  const isNew = (path: string): boolean => !(path in kept.fields);
  const added = Object.entries(current.fields).filter(([path, { required }]) => required && isNew(path) && !isNew(parentOf(path)));
  return added.map(([path]) => `"${path}" is new and required`);
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.')));
}

/** What we read may only become wider, what we write only narrower. */
function changesOfField(name: string, before: FieldDigest, after: FieldDigest, direction: 'in' | 'out'): string[] {
  const [outer, inner, verb] = direction === 'in' ? [after, before, 'narrowed'] : [before, after, 'widened'];
  const found: string[] = [];
  if (outer.required && !inner.required) found.push(direction === 'in' ? `${name} was optional and is required` : `${name} was always there and is optional`);
  if (!inner.types.every((type) => accepts(outer.types, type))) found.push(`${name} was ${verb} from ${before.types.join(' or ')} to ${after.types.join(' or ')}`);
  if (outer.values && !(inner.values?.every((value) => outer.values!.includes(value)) ?? false)) found.push(`${name} was ${verb} in its values, from ${listed(before)} to ${listed(after)}`);
  for (const key of ['format', 'pattern'] as const) {
    if (outer[key] !== undefined && outer[key] !== inner[key]) found.push(`${name} was ${verb} in its ${key}, from ${before[key] ?? 'none'} to ${after[key] ?? 'none'}`);
  }
  for (const [low, high, what] of bounds) {
    if (lower(outer, low) > lower(inner, low)) found.push(`${name} was ${verb} in its smallest ${what}`);
    if (upper(outer, high) < upper(inner, high)) found.push(`${name} was ${verb} in its largest ${what}`);
  }
  return found;
}

function accepts(types: readonly string[], type: string): boolean {
  return types.includes(type) || types.includes('any') || (type === 'integer' && types.includes('number'));
}

function listed({ values }: FieldDigest): string {
  return values?.join(', ') ?? 'any';
}

const bounds = [['minimum', 'maximum', 'value'], ['minLength', 'maxLength', 'length'], ['minItems', 'maxItems', 'number of items']] as const;

/** An exclusive bound lies a little inside of the same inclusive one. */
const little = 1e-9;

function lower(field: FieldDigest, key: 'minimum' | 'minLength' | 'minItems'): number {
  const exclusive = key === 'minimum' && field.exclusiveMinimum !== undefined ? field.exclusiveMinimum + little : -Infinity;
  return Math.max(field[key] ?? -Infinity, exclusive);
}

function upper(field: FieldDigest, key: 'maximum' | 'maxLength' | 'maxItems'): number {
  const exclusive = key === 'maximum' && field.exclusiveMaximum !== undefined ? field.exclusiveMaximum - little : Infinity;
  return Math.min(field[key] ?? Infinity, exclusive);
}
