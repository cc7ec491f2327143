/**
 * The closed expression language in the browser: the same texts, the same values as `domain/src/expr.rs` on the server, where
 * it is described. Types are checked by the server; here expressions are only read and evaluated.
 */
import type { Context } from './calls.ts';
import { evaluateTree } from './evaluate.ts';
import { parseTree } from './parse.ts';
import { collectPaths, type Node } from './tree.ts';
import type { Value } from './values.ts';

export { Calendar, type CalendarJson } from './calendar.ts';
export type { Context } from './calls.ts';
export { formatDate, parseDate, type Day } from './dates.ts';
export { EvalError, ExprSyntaxError, type EvalCode, type Place, type SyntaxCode } from './errors.ts';
export { ABSENT, fromJson, toJson, ValueError, type Json, type Type, type Value } from './values.ts';

/** A parsed expression. */
export class Expr {
  readonly source: string;
  readonly #root: Node;

  /** Reads an expression; throws an `ExprSyntaxError` with a place where it is none. */
  constructor(source: string) {
    this.source = source;
    this.#root = parseTree(source);
  }

  /** The value over a scope; throws an `EvalError` where there is none. */
  evaluate(scope: Value, context: Context): Value {
    return evaluateTree(this.#root, scope, context);
  }

  /** Every dotted path that is read, in alphabetical order: enough to order computed fields. */
  paths(): string[] {
    const paths = new Set<string>();
    collectPaths(this.#root, null, paths);
    const sorted = [...paths];
    sorted.sort();
    return sorted;
  }
}
