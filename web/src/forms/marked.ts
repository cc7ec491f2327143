import type { JsonObject } from '../api/types.ts';
import { isObject } from './model.ts';

/** What a step may do with a field, as a flow says it. */
export type Right = 'hidden' | 'readonly' | 'editable' | 'required';

/** The rights of a step: of the fields that are named, columns as `items.points`, and of all others. */
export interface Rights {
  others: Right;
  named?: Record<string, Right>;
}

/**
 * Marks every field of a schema with its `x-access`, as the server does before it sends one.
 *
 * For tests and the stand-in, which have no server.
 */
export function marked(schema: JsonObject, rights: Rights): JsonObject {
  return level(schema, '', rights);
}

function level(schema: JsonObject, around: string, rights: Rights): JsonObject {
  const out = { ...schema };
  if (isObject(schema['properties'])) out['properties'] = properties(schema['properties'], around, rights);
  for (const side of ['then', 'else']) {
    const branch = schema[side];
    if (isObject(branch)) out[side] = level(branch, around, rights);
  }
  if (Array.isArray(schema['allOf'])) {
    out['allOf'] = schema['allOf'].map((part) => (isObject(part) ? level(part, around, rights) : part));
  }
  return out;
}

function properties(fields: JsonObject, around: string, rights: Rights): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      if (!isObject(field)) return [name, field];
      const path = around ? `${around}.${name}` : name;
      const inner = level(field, path, rights);
      if (isObject(field['items'])) inner['items'] = level(field['items'], path, rights);
      return [name, { ...inner, 'x-access': rightOf(rights, path) }];
    }),
  );
}

/** A field inside a group or rows follows the nearest one around it that is named. */
function rightOf(rights: Rights, path: string): Right {
  const named = rights.named?.[path];
  if (named) return named;
  const cut = path.lastIndexOf('.');
  if (cut < 0) return rights.others;
  const around = rightOf(rights, path.slice(0, cut));
  // What must be filled is the group or the rows, not each thing inside.
  return around === 'required' ? 'editable' : around;
}
