import { formatDate, parseDate, type Day } from './dates.ts';
import * as decimal from './decimal.ts';
import { formatInstant, parseInstant, type Instant } from './instants.ts';

/** The type of a value, in the form in which the server writes it. */
export type Type =
  | 'bool'
  | 'text'
  | 'number'
  | 'date'
  | 'instant'
  | { readonly enum: readonly string[] }
  | { readonly list: Type }
  | { readonly record: Readonly<Record<string, { readonly type: Type; readonly optional?: boolean }>> };

/** A value that an expression reads or yields. */
export type Value =
  | { readonly kind: 'absent' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: decimal.Decimal }
  | { readonly kind: 'date'; readonly value: Day }
  | { readonly kind: 'instant'; readonly value: Instant }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'record'; readonly fields: ReadonlyMap<string, Value> };

/** What `JSON.parse` yields. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export const ABSENT: Value = { kind: 'absent' };

/** JSON that does not hold a value of a type. */
export class ValueError extends Error {
  constructor(
    /** JSON pointer to the value. */
    readonly pointer: string,
    readonly expected: Type,
  ) {
    super(`${pointer}: expected ${JSON.stringify(expected)}`);
  }
}

/** Reads JSON as a type says; unknown members are left out, missing ones absent. */
export function fromJson(json: Json | undefined, type: Type, pointer = ''): Value {
  const value = json === null || json === undefined ? ABSENT : read(json, type, pointer);
  if (value === null) throw new ValueError(pointer, type);
  return value;
}

function read(json: Exclude<Json, null>, type: Type, pointer: string): Value | null {
  if (typeof type === 'string') return scalar(json, type);
  if ('enum' in type) return scalar(json, 'text');
  if ('list' in type) return Array.isArray(json) ? list(json, type.list, pointer) : null;
  return typeof json === 'object' && !Array.isArray(json) ? record(json, type.record, pointer) : null;
}

function list(items: Json[], of: Type, pointer: string): Value {
  return { kind: 'list', items: items.map((item, index) => fromJson(item, of, `${pointer}/${index}`)) };
}

function record(json: { [name: string]: Json }, fields: Record<string, { readonly type: Type }>, pointer: string): Value {
  const given = new Map(Object.entries(json));
  const members = Object.entries(fields).map(([name, field]): [string, Value] => {
    const part = name.replaceAll('~', '~0').replaceAll('/', '~1');
    return [name, fromJson(given.get(name), field.type, `${pointer}/${part}`)];
  });
  return { kind: 'record', fields: new Map(members) };
}

function scalar(json: Exclude<Json, null>, type: 'bool' | 'text' | 'number' | 'date' | 'instant'): Value | null {
  if (type === 'bool') return typeof json === 'boolean' ? { kind: 'bool', value: json } : null;
  if (type === 'number') return number(json);
  if (typeof json !== 'string') return null;
  if (type === 'text') return { kind: 'text', value: json };
  if (type === 'date') {
    const day = parseDate(json);
    return day === null ? null : { kind: 'date', value: day };
  }
  const instant = parseInstant(json);
  return instant === null ? null : { kind: 'instant', value: instant };
}

/** A decimal text or a whole JSON number: one with a point may have lost digits already. */
function number(json: Exclude<Json, null>): Value | null {
  const text = typeof json === 'number' && Number.isSafeInteger(json) ? String(json) : json;
  const value = typeof text === 'string' ? decimal.parse(text) : null;
  return value === null ? null : { kind: 'number', value };
}

/** Writes JSON: numbers as plain decimal strings, absent members left out. */
export function toJson(value: Value): Json {
  switch (value.kind) {
    case 'absent':
      return null;
    case 'bool':
    case 'text':
      return value.value;
    case 'number':
      return decimal.format(value.value);
    case 'date':
      return formatDate(value.value);
    case 'instant':
      return formatInstant(value.value);
    case 'list':
      return value.items.map(toJson);
    case 'record': {
      const members = [...value.fields].filter(([, member]) => member.kind !== 'absent');
      return Object.fromEntries(members.map(([name, member]) => [name, toJson(member)]));
    }
  }
}
