import { call, daysWalked, extreme, number, type Context } from './calls.ts';
import { INCOMPARABLE, order, satisfies } from './compare.ts';
import * as decimal from './decimal.ts';
import { EvalError, type EvalCode, type Place } from './errors.ts';
import type { Comparison, Fold, Logic, Node, Operator, PathPart } from './tree.ts';
import { ABSENT, type Value } from './values.ts';

/** Parts evaluated, rows and days walked. */
const MAX_STEPS = 1_000_000;

/** The value of an expression over a scope, step for step as `domain/src/expr/eval.rs` finds it. */
export function evaluateTree(node: Node, scope: Value, context: Context): Value {
  return new Evaluation(scope, context).value(node, null);
}

class Evaluation {
  readonly #scope: Value;
  readonly #context: Context;
  #steps = 0;

  constructor(scope: Value, context: Context) {
    this.#scope = scope;
    this.#context = context;
  }

  /** The value of a node; `row` is what a leading point looks into. */
  value(node: Node, row: Value | null): Value {
    this.#work(1, node);
    switch (node.kind) {
      case 'number':
      case 'text':
      case 'bool':
      case 'date':
        return node;
      case 'path':
        return this.#path(node, row);
      case 'list':
        return { kind: 'list', items: node.items.map((item) => this.value(item, row)) };
      case 'not':
        return { kind: 'bool', value: !this.#condition(node.inner, row) };
      case 'negate': {
        const inner = this.#number(node.inner, row);
        return inner === null ? ABSENT : { kind: 'number', value: -inner };
      }
      case 'logic':
        return { kind: 'bool', value: this.#logic(node.logic, node.operands, row) };
      case 'arithmetic':
        return this.#arithmetic(node.first, node.rest, row);
      case 'compare':
        return { kind: 'bool', value: this.#compare(node.left, node.comparison, node.right, row) };
      case 'if':
        return this.value(this.#condition(node.condition, row) ? node.whenTrue : node.whenFalse, row);
      case 'fold':
        return this.#fold(node.fold, node.list, node.each, row);
      case 'call': {
        const inputs = node.inputs.map((input) => this.value(input, row));
        this.#work(daysWalked(node.name, inputs), node);
        return call(node.name, inputs, this.#context, node);
      }
    }
  }

  /** A yes or no; absent is no. */
  #condition(node: Node, row: Value | null): boolean {
    return this.#truth(this.value(node, row), node);
  }

  #truth(value: Value, place: Place): boolean {
    if (value.kind === 'bool') return value.value;
    return value.kind === 'absent' ? false : fail('expr.wrong-type', place);
  }

  /** A number; none where absent. */
  #number(node: Node, row: Value | null): decimal.Decimal | null {
    const value = this.value(node, row);
    if (value.kind === 'number') return value.value;
    return value.kind === 'absent' ? null : fail('expr.wrong-type', node);
  }

  /** Looks at no more operands than it needs. */
  #logic(logic: Logic, operands: readonly Node[], row: Value | null): boolean {
    const decisive = logic === 'or';
    return operands.some((operand) => this.#condition(operand, row) === decisive) === decisive;
  }

  #arithmetic(first: Node, rest: readonly (readonly [Operator, Node])[], row: Value | null): Value {
    let total = this.#number(first, row);
    for (const [operator, operand] of rest) {
      const next = this.#number(operand, row);
      const place = { start: first.start, end: operand.end };
      total = total === null || next === null ? null : calculate(total, operator, next, place);
    }
    return total === null ? ABSENT : { kind: 'number', value: total };
  }

  #compare(left: Node, comparison: Comparison, right: Node, row: Value | null): boolean {
    const [one, other] = [this.value(left, row), this.value(right, row)];
    const place = { start: left.start, end: right.end };
    if (one.kind === 'absent' || other.kind === 'absent') return false;
    if (comparison === 'in') return this.#contains(other, one, place);
    if (comparison === 'not in') return !this.#contains(other, one, place);
    return satisfies(ordered(one, other, place), comparison);
  }

  #contains(list: Value, item: Value, place: Place): boolean {
    if (list.kind !== 'list') return fail('expr.wrong-type', place);
    this.#work(list.items.length, place);
    return list.items.some((candidate) => candidate.kind !== 'absent' && ordered(item, candidate, place) === 0);
  }

  /** What a path leads to; through a list, the flat list of what its rows hold. */
  #path(node: PathPart & Place, row: Value | null): Value {
    let at = node.ofRow ? (row ?? fail('expr.wrong-type', node)) : this.#scope;
    for (const [index, name] of node.names.entries()) {
      if (at.kind === 'list') {
        const items: Value[] = [];
        this.#gather(at.items, node.names.slice(index), node, items);
        return { kind: 'list', items };
      }
      at = member(at, name, node);
    }
    return at;
  }

  /** Adds what the rest of a path leads to in every row. Absent ends stay, so that rows keep their number. */
  #gather(rows: readonly Value[], names: readonly string[], place: Place, into: Value[]): void {
    this.#work(rows.length, place);
    const [name, ...rest] = names;
    for (const row of rows) {
      if (row.kind === 'list') {
        this.#gather(row.items, names, place, into);
      } else if (name === undefined) {
        into.push(row);
      } else {
        const next = member(row, name, place);
        if (next.kind === 'list') this.#gather(next.items, rest, place, into);
        else if (next.kind === 'absent' || rest.length === 0) into.push(next);
        else this.#gather([next], rest, place, into);
      }
    }
  }

  /** An aggregate over rows. An absent list is an empty one; absent rows are passed over. */
  #fold(fold: Fold, list: Node, each: Node | null, row: Value | null): Value {
    const found = this.value(list, row);
    const items = found.kind === 'list' ? found.items : found.kind === 'absent' ? [] : fail('expr.wrong-type', list);
    this.#work(items.length, list);
    const place = each ?? list;
    const rows = each === null ? items : items.filter((item) => item.kind !== 'absent');
    const valueOf = (item: Value) => (each === null ? item : this.value(each, item));
    switch (fold) {
      case 'any':
        return { kind: 'bool', value: rows.some((item) => this.#truth(valueOf(item), place)) };
      case 'all':
        return { kind: 'bool', value: rows.every((item) => this.#truth(valueOf(item), place)) };
      case 'count': {
        const counts = (value: Value) => (each === null ? value.kind !== 'absent' : this.#truth(value, place));
        return number(decimal.whole(rows.filter((item) => counts(valueOf(item))).length), place);
      }
      case 'sum':
        return rows.reduce<Value>((total, item) => plus(total, valueOf(item), place), { kind: 'number', value: decimal.ZERO });
      case 'min':
      case 'max': {
        const values = rows.map(valueOf).filter((value) => value.kind !== 'absent');
        return extreme(values, fold === 'min' ? -1 : 1, place);
      }
    }
  }

  /** Counts steps, so that rows within rows end. */
  #work(steps: number, place: Place): void {
    this.#steps += steps;
    if (this.#steps > MAX_STEPS) fail('expr.too-much-work', place);
  }
}

/** A total and one more figure; nothing more where it is absent. */
function plus(total: Value, value: Value, place: Place): Value {
  if (value.kind === 'absent') return total;
  if (total.kind !== 'number' || value.kind !== 'number') return fail('expr.wrong-type', place);
  return number(decimal.add(total.value, value.value), place);
}

function calculate(left: decimal.Decimal, operator: Operator, right: decimal.Decimal, place: Place): decimal.Decimal {
  if (operator === '/' && right === decimal.ZERO) return fail('expr.division-by-zero', place);
  return operation(operator)(left, right) ?? fail('expr.overflow', place);
}

function operation(operator: Operator): (a: decimal.Decimal, b: decimal.Decimal) => decimal.Decimal | null {
  switch (operator) {
    case '+':
      return decimal.add;
    case '-':
      return decimal.sub;
    case '*':
      return decimal.mul;
    case '/':
      return decimal.div;
  }
}

function ordered(one: Value, other: Value, place: Place): number {
  const found = order(one, other);
  return found === INCOMPARABLE ? fail('expr.wrong-type', place) : found;
}

/** The member of a record; absent where it or the record itself is. */
function member(of: Value, name: string, place: Place): Value {
  if (of.kind === 'absent') return ABSENT;
  return of.kind === 'record' ? (of.fields.get(name) ?? ABSENT) : fail('expr.wrong-type', place);
}

function fail(code: EvalCode, { start, end }: Place): never {
  throw new EvalError(code, { start, end });
}
