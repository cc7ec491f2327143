import type { Json, JsonObject } from '../api/types.ts';
import { isDecimal, sum } from './decimals.ts';
import { isObject, type Level } from './model.ts';

/** Evaluates a computed field's expression over the fields of its level; `undefined` where it has no value yet. */
export function evaluate(source: string, scope: JsonObject, _level: Level): Json | undefined {
  const total = /^sum\(([a-z_]\w*)\.([a-z_]\w*)\)$/.exec(source);
  const rows = total?.[1] ? scope[total[1]] : undefined;
  const column = total?.[2] ?? '';
  if (!Array.isArray(rows)) return undefined;
  const values = rows.filter(isObject).map((row) => row[column]).filter((value) => typeof value === 'string' && isDecimal(value));
  return sum(values as string[]);
}
