import type { Json, JsonObject } from '../api/types.ts';
import { isObject } from './model.ts';

/** The pointer of a member or an item inside the place at `around` (RFC 6901). */
export function inside(around: string, name: string | number): string {
  return `${around}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The parts of a pointer. */
export function segments(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value at a pointer. */
export function valueAt(data: Json | undefined, pointer: string): Json | undefined {
  return segments(pointer).reduce<Json | undefined>((value, part) => {
    if (Array.isArray(value)) return value[Number(part)];
    return isObject(value) ? value[part] : undefined;
  }, data);
}

/** The data with another value at a pointer; `undefined` takes it away. Nothing given is changed. */
export function withValue(data: JsonObject, pointer: string, value: Json | undefined): JsonObject {
  return put(data, segments(pointer), value) as JsonObject;
}

function put(data: Json | undefined, path: string[], value: Json | undefined): Json | undefined {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (Array.isArray(data)) {
    const items = [...data];
    items[Number(first)] = put(items[Number(first)], rest, value) ?? null;
    return items;
  }
  const members: JsonObject = isObject(data) ? { ...data } : {};
  const next = put(members[first], rest, value);
  if (next === undefined) delete members[first];
  else members[first] = next;
  return members;
}

/** The dotted path of a pointer without row numbers: `/items/2/points` is `items.points`. */
export function pathOf(pointer: string): string {
  return segments(pointer)
    .filter((part) => !/^\d+$/.test(part))
    .join('.');
}
