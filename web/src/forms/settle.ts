import type { Json, JsonObject } from '../api/types.ts';
import type { AccessOf } from './access.ts';
import { holds } from './conditions.ts';
import { ROW } from './defaults.ts';
import { evaluate } from './expressions.ts';
import { isObject, type Branch, type Field, type Kind, type Level } from './model.ts';
import { single } from './normal.ts';

/** A level with its data: which fields exist now, and what the computed ones hold. */
export interface Settled {
  data: JsonObject;
  /** The fields that exist now and are not hidden, in order. */
  fields: Field[];
  /** What the conditions that hold demand. */
  demands: Branch[];
}

/** As many times as conditions can wait for each other before we stop looking. */
const ROUNDS = 64;

/**
 * Settles the conditional and computed fields of a level.
 *
 * They may depend on each other, so it looks again until nothing changes; the form's author cannot write a circle.
 */
export function settle(level: Level, data: JsonObject, access: AccessOf): Settled {
  let current = withoutNoise(level, data);
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = once(level, current, data, access);
    if (JSON.stringify(next.data) === JSON.stringify(current)) return next;
    current = next.data;
  }
  return once(level, current, data, access);
}

function once(level: Level, current: JsonObject, given: JsonObject, access: AccessOf): Settled {
  const outcomes = level.conditions.map((condition) => holds(condition.test, current));
  const fields = level.fields.filter(
    (field) =>
      access(field) !== 'hidden' && (field.shown === null || outcomes[field.shown.condition] === field.shown.holds),
  );
  const names = new Set(fields.map((field) => field.name));
  const next: JsonObject = {};
  // What the server hides may still be in the data of somebody else's rows: it is none of ours.
  for (const field of fields) {
    const value =
      field.computed === null ? inner(field, given[field.name], access) : computed(field, current, names, given, level);
    if (value !== undefined) next[field.name] = value;
  }
  const demands = level.conditions.map((condition, index) => (outcomes[index] ? condition.then : condition.otherwise));
  return { data: next, fields, demands };
}

/** The value of a computed field; where the browser may not know what it depends on, what the server last said. */
function computed(
  field: Field,
  current: JsonObject,
  names: Set<string>,
  given: JsonObject,
  level: Level,
): Json | undefined {
  if (field.keywords['x-computed'] === undefined) return given[field.name];
  const scope = Object.fromEntries(Object.entries(current).filter(([name]) => names.has(name) && name !== field.name));
  const value = evaluate(field, scope, level, today());
  const normal = single(field.kind, value);
  return normal.ok ? normal.value : value;
}

function inner(field: Field, value: Json | undefined, access: AccessOf): Json | undefined {
  const { kind } = field;
  if (kind.kind === 'rows') {
    return Array.isArray(value) && value.length > 0
      ? value.map((row) => settledRow(kind.level, isObject(row) ? row : {}, access))
      : undefined;
  }
  // A group is always there, if only as nothing.
  if (kind.kind === 'group') return settle(kind.level, isObject(value) ? value : {}, access).data;
  if (kind.kind === 'list')
    return Array.isArray(value) && value.length > 0
      ? value.map((entry) => tidy(kind.item.kind, entry) ?? null)
      : undefined;
  return tidy(kind, value);
}

/** A row keeps the mark that says which row of the server's it is. */
function settledRow(level: Level, row: JsonObject, access: AccessOf): JsonObject {
  const { data } = settle(level, row, access);
  return row[ROW] === undefined ? data : { [ROW]: row[ROW], ...data };
}

/** A value in its normal form where it has one; else as it was typed. */
function tidy(kind: Kind, value: Json | undefined): Json | undefined {
  const normal = single(kind, value);
  return normal.ok ? normal.value : value;
}

/** The day on the person's clock; the server has the last word. */
function today(): string {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}

function withoutNoise(level: Level, data: JsonObject): JsonObject {
  const known = new Set(level.fields.map((field) => field.name));
  return Object.fromEntries(Object.entries(data).filter(([name]) => known.has(name)));
}
