import type { JsonObject } from '../api/types.ts';
import { isObject, type Level } from './model.ts';
import { inside } from './pointer.ts';

/** The places whose values the server looks up, of this data: in its groups and in each of its rows as well. */
export function lookedUpPlaces(level: Level, data: JsonObject, around = ''): string[] {
  return level.fields.flatMap((field) => {
    const at = inside(around, field.name);
    if (field.lookedUp) return [at];
    const value = data[field.name];
    if (field.kind.kind === 'group') return isObject(value) ? lookedUpPlaces(field.kind.level, value, at) : [];
    if (field.kind.kind !== 'rows' || !Array.isArray(value)) return [];
    const { level: columns } = field.kind;
    return value.flatMap((row, index) => (isObject(row) ? lookedUpPlaces(columns, row, inside(at, index)) : []));
  });
}
