import type { Day } from './dates.ts';
import type { Decimal } from './decimal.ts';
import type { Place } from './errors.ts';

export type Logic = 'and' | 'or';
export type Operator = '+' | '-' | '*' | '/';
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';
export type Fold = 'sum' | 'count' | 'min' | 'max' | 'any' | 'all';
export type FunctionName =
  | 'has'
  | 'min'
  | 'max'
  | 'round'
  | 'today'
  | 'date'
  | 'year'
  | 'month'
  | 'days'
  | 'workdays'
  | 'add_days'
  | 'add_workdays';

/** A part of an expression. */
export type Node = Place &
  (
    | { readonly kind: 'number'; readonly value: Decimal }
    | { readonly kind: 'text'; readonly value: string }
    | { readonly kind: 'bool'; readonly value: boolean }
    | { readonly kind: 'date'; readonly value: Day }
    | PathPart
    | { readonly kind: 'list'; readonly items: readonly Node[] }
    | { readonly kind: 'not'; readonly inner: Node }
    | { readonly kind: 'negate'; readonly inner: Node }
    | { readonly kind: 'logic'; readonly logic: Logic; readonly operands: readonly Node[] }
    | { readonly kind: 'arithmetic'; readonly first: Node; readonly rest: readonly (readonly [Operator, Node])[] }
    | { readonly kind: 'compare'; readonly left: Node; readonly comparison: Comparison; readonly right: Node }
    | { readonly kind: 'if'; readonly condition: Node; readonly whenTrue: Node; readonly whenFalse: Node }
    | { readonly kind: 'fold'; readonly fold: Fold; readonly list: Node; readonly each: Node | null }
    | { readonly kind: 'call'; readonly name: FunctionName; readonly inputs: readonly Node[] }
  );

/** A node before it gets its place. */
export type Part = Node extends infer N ? (N extends Place ? Omit<N, 'start' | 'end'> : never) : never;

export interface PathPart {
  readonly kind: 'path';
  /** Written with a leading point: starts at the row that an aggregate is looking at. */
  readonly ofRow: boolean;
  readonly names: readonly string[];
}

/** Adds every dotted path that is read; `row` is the path of the list whose rows are being looked at. */
export function collectPaths(node: Node, row: string | null, into: Set<string>): void {
  if (node.kind === 'path') {
    const path = fullPath(node, row);
    if (path !== null) into.add(path);
  } else if (node.kind === 'fold') {
    collectPaths(node.list, row, into);
    if (node.each !== null) collectPaths(node.each, fullPath(node.list, row), into);
  } else {
    for (const child of children(node)) collectPaths(child, row, into);
  }
}

/** The path from the root, where the node is a path. */
function fullPath(node: Node, row: string | null): string | null {
  if (node.kind !== 'path') return null;
  if (!node.ofRow) return node.names.join('.');
  return row === null ? null : `${row}.${node.names.join('.')}`;
}

function children(node: Exclude<Node, { kind: 'path' | 'fold' }>): readonly Node[] {
  switch (node.kind) {
    case 'list':
      return node.items;
    case 'not':
    case 'negate':
      return [node.inner];
    case 'logic':
      return node.operands;
    case 'arithmetic':
      return [node.first, ...node.rest.map(([, operand]) => operand)];
    case 'compare':
      return [node.left, node.right];
    case 'if':
      return [node.condition, node.whenTrue, node.whenFalse];
    case 'call':
      return node.inputs;
    default:
      return [];
  }
}
