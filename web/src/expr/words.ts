import type { Fold, FunctionName } from './tree.ts';

/** What a word in front of a parenthesis means, by the number of its arguments; `null` where it does not take so many. */
export type Word = (count: number) => { fold: Fold } | { call: FunctionName } | null;

/** The most arguments of one call. */
const MOST = 20;

function fold(name: Fold): Word {
  return (count) => (count === 1 || count === 2 ? { fold: name } : null);
}

/** Over a list with one argument, over its arguments with more. */
function extreme(name: 'min' | 'max'): Word {
  return (count) => {
    if (count === 1) return { fold: name };
    return count > 1 && count <= MOST ? { call: name } : null;
  };
}

function call(name: FunctionName, takes: number): Word {
  return (count) => (count === takes ? { call: name } : null);
}

/** Every word that can be called. */
export const WORDS: ReadonlyMap<string, Word> = new Map<string, Word>([
  ['sum', fold('sum')],
  ['count', fold('count')],
  ['any', fold('any')],
  ['all', fold('all')],
  ['min', extreme('min')],
  ['max', extreme('max')],
  ['has', call('has', 1)],
  ['round', call('round', 2)],
  ['today', call('today', 0)],
  ['date', call('date', 1)],
  ['year', call('year', 1)],
  ['month', call('month', 1)],
  ['days', call('days', 2)],
  ['workdays', call('workdays', 2)],
  ['add_days', call('add_days', 2)],
  ['add_workdays', call('add_workdays', 2)],
]);

/** The words whose second argument may look at rows. */
export const OVER_ROWS: ReadonlySet<string> = new Set(['sum', 'count', 'any', 'all']);
