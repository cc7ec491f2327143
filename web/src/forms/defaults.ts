import type { Json, JsonObject } from '../api/types.ts';
import { isObject, type Level } from './model.ts';

/** Which row of the data the server has a row is; a row without it is new. */
export const ROW = '$row';

/** New data with the values its fields begin with; what is there stays. */
export function withDefaults(level: Level, data: JsonObject): JsonObject {
  const filled: JsonObject = { ...data };
  for (const { name, kind, keywords } of level.fields) {
    const value = filled[name];
    if (value === undefined && keywords['default'] !== undefined) filled[name] = keywords['default'];
    if (kind.kind === 'group') {
      const inner = withDefaults(kind.level, isObject(value) ? value : {});
      if (isObject(value) || Object.keys(inner).length > 0) filled[name] = inner;
    }
    if (kind.kind === 'rows' && Array.isArray(value))
      filled[name] = value.map((row): Json => (isNewRow(row) ? withDefaults(kind.level, row) : row));
  }
  return filled;
}

function isNewRow(row: Json): row is JsonObject {
  return isObject(row) && row[ROW] === undefined;
}
