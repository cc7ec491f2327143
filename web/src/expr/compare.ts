import * as decimal from './decimal.ts';
import type { Comparison } from './tree.ts';
import type { Value } from './values.ts';

/** Two values that are not of one kind. */
export const INCOMPARABLE = 'incomparable';

/** Below, at or above zero; for texts and yes-or-no values only zero means anything. */
export function order(one: Value, other: Value): number | typeof INCOMPARABLE {
  if (one.kind === 'number' && other.kind === 'number') return decimal.cmp(one.value, other.value);
  if (one.kind === 'text' && other.kind === 'text') return one.value === other.value ? 0 : 1;
  if (one.kind === 'bool' && other.kind === 'bool') return Number(one.value) - Number(other.value);
  if (one.kind === 'date' && other.kind === 'date') return one.value - other.value;
  if (one.kind === 'instant' && other.kind === 'instant') return one.value < other.value ? -1 : Number(one.value > other.value);
  return INCOMPARABLE;
}

/** What an order means for a comparison. */
export function satisfies(found: number, comparison: Exclude<Comparison, 'in' | 'not in'>): boolean {
  switch (comparison) {
    case '==':
      return found === 0;
    case '!=':
      return found !== 0;
    case '<':
      return found < 0;
    case '<=':
      return found <= 0;
    case '>':
      return found > 0;
    case '>=':
      return found >= 0;
  }
}
