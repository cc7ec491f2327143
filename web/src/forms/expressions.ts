import type { Json, JsonObject } from '../api/types.ts';
import { EvalError, Expr, ExprSyntaxError, fromJson, parseDate, toJson, ValueError, type Type } from '../expr/index.ts';
import { rounded } from './decimals.ts';
import type { Field, Kind, Level } from './model.ts';

const parsed = new Map<string, Expr | null>();

/**
 * The value of a computed field over the fields of its level, as its kind is kept; `undefined` where there is none yet.
 *
 * What needs the working calendar is left to the server.
 */
export function evaluate(field: Field, scope: JsonObject, level: Level, today: string): Json | undefined {
  const expression = parse(field.computed ?? '');
  const day = parseDate(today);
  if (expression === null || day === null) return undefined;
  try {
    const value = toJson(expression.evaluate(fromJson(scope, typeOf(level)), { today: day, calendar: null }));
    return value === null ? undefined : fit(field.kind, value);
  } catch (error) {
    if (error instanceof EvalError || error instanceof ValueError) return undefined;
    throw error;
  }
}

/** Reads each text once. One that this browser cannot read computes nothing. */
function parse(source: string): Expr | null {
  const known = parsed.get(source);
  if (known !== undefined) return known;
  let expression: Expr | null = null;
  try {
    expression = new Expr(source);
  } catch (error) {
    if (!(error instanceof ExprSyntaxError)) throw error;
  }
  parsed.set(source, expression);
  return expression;
}

/** Numbers are rounded to the digits of their field. */
function fit(kind: Kind, value: Json): Json {
  if (typeof value !== 'string') return value;
  if (kind.kind === 'integer') return Number(rounded(value, 0));
  if (kind.kind === 'money') return rounded(value, 2);
  return kind.kind === 'decimal' ? rounded(value, kind.digits) : value;
}

function typeOf(level: Level): Type {
  const fields = level.fields.map((field) => [field.name, { type: typeOfKind(field.kind), optional: true }] as const);
  return { record: Object.fromEntries(fields) };
}

function typeOfKind(kind: Kind): Type {
  switch (kind.kind) {
    case 'boolean':
      return 'bool';
    case 'integer':
    case 'money':
    case 'decimal':
      return 'number';
    case 'date':
      return 'date';
    case 'date-time':
      return 'instant';
    case 'list':
      return { list: typeOfKind(kind.item.kind) };
    case 'rows':
      return { list: typeOf(kind.level) };
    case 'group':
      return typeOf(kind.level);
    default:
      return 'text';
  }
}
