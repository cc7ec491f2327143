import { CalendarError, type Calendar } from './calendar.ts';
import { INCOMPARABLE, order } from './compare.ts';
import { civil, isInRange, type Day } from './dates.ts';
import * as decimal from './decimal.ts';
import { EvalError, type EvalCode, type Place } from './errors.ts';
import { localDate } from './instants.ts';
import type { FunctionName } from './tree.ts';
import { ABSENT, type Value } from './values.ts';

/** What an evaluation knows besides its scope. */
export interface Context {
  /** The company's local date. */
  readonly today: Day;
  /** Needed for working days and for the local date of an instant only. */
  readonly calendar: Calendar | null;
}

/** Applies a function to its evaluated arguments; if one is absent, so is the result (but not of `has`). */
export function call(name: FunctionName, values: readonly Value[], context: Context, place: Place): Value {
  if (name === 'has') return { kind: 'bool', value: values.every(isFilled) };
  if (values.some((value) => value.kind === 'absent')) return ABSENT;
  const inputs = new Inputs(values, place);
  switch (name) {
    case 'min':
      return extreme(values, -1, place);
    case 'max':
      return extreme(values, 1, place);
    case 'round':
      return number(decimal.round(inputs.number(0), inputs.whole(1)), place);
    case 'today':
      return { kind: 'date', value: context.today };
    case 'date':
      return { kind: 'date', value: localDate(inputs.instant(0), calendar(context, place).zone) };
    case 'year':
      return number(decimal.whole(civil(inputs.date(0)).year), place);
    case 'month':
      return number(decimal.whole(civil(inputs.date(0)).month), place);
    case 'days':
      return number(decimal.whole(inputs.date(1) - inputs.date(0)), place);
    case 'workdays':
      return number(decimal.whole(asked(() => calendar(context, place).workdaysBetween(inputs.date(0), inputs.date(1)), place)), place);
    case 'add_days':
      return moved(inputs.date(0) + inputs.whole(1), place);
    case 'add_workdays':
      return moved(asked(() => calendar(context, place).addWorkdays(inputs.date(0), inputs.whole(1)), place), place);
  }
}

/** How many days a calendar has to look at for a call; it never gets farther than its data. */
export function daysWalked(name: FunctionName, [from, to]: readonly Value[]): number {
  if (from?.kind !== 'date') return 0;
  if (name === 'workdays' && to?.kind === 'date') return Math.min(Math.abs(to.value - from.value), MOST_DAYS);
  const days = name === 'add_workdays' && to?.kind === 'number' ? decimal.asWhole(to.value) : null;
  return Math.min(Math.abs(days ?? 0), MOST_DAYS);
}

/** As many days as a calendar usually has data for. */
const MOST_DAYS = 5000;

/** The least (-1) or the greatest (1) of some values; the first of equals; absent of none. */
export function extreme(values: readonly Value[], wanted: -1 | 1, place: Place): Value {
  let best: Value | undefined;
  for (const value of values) {
    const found = best === undefined ? wanted : order(value, best);
    if (found === INCOMPARABLE) throw new EvalError('expr.wrong-type', place);
    if (Math.sign(found) === wanted) best = value;
  }
  return best ?? ABSENT;
}

/** A number that has to be below the limit. */
export function number(value: decimal.Decimal | null, place: Place): Value {
  if (value === null) throw new EvalError('expr.overflow', place);
  return { kind: 'number', value };
}

/** Whether something was filled in: an empty text or an empty list is not. */
function isFilled(value: Value): boolean {
  if (value.kind === 'text') return value.value !== '';
  return value.kind === 'list' ? value.items.length > 0 : value.kind !== 'absent';
}

function moved(day: Day, place: Place): Value {
  if (!isInRange(day)) throw new EvalError('expr.date-out-of-range', place);
  return { kind: 'date', value: day };
}

function calendar(context: Context, place: Place): Calendar {
  if (context.calendar === null) throw new EvalError('expr.no-calendar', place);
  return context.calendar;
}

/** What the calendar answers, with its errors at a place. */
function asked(question: () => number, place: Place): number {
  try {
    return question();
  } catch (error) {
    if (error instanceof CalendarError) throw new EvalError(error.code, place, error.year);
    throw error;
  }
}

/** Arguments that have to be of some type. */
class Inputs {
  readonly #values: readonly Value[];
  readonly #place: Place;

  constructor(values: readonly Value[], place: Place) {
    this.#values = values;
    this.#place = place;
  }

  number(at: number): decimal.Decimal {
    const value = this.#values[at];
    return value?.kind === 'number' ? value.value : this.#fail('expr.wrong-type');
  }

  whole(at: number): number {
    return decimal.asWhole(this.number(at)) ?? this.#fail('expr.not-whole');
  }

  date(at: number): Day {
    const value = this.#values[at];
    return value?.kind === 'date' ? value.value : this.#fail('expr.wrong-type');
  }

  instant(at: number): bigint {
    const value = this.#values[at];
    return value?.kind === 'instant' ? value.value : this.#fail('expr.wrong-type');
  }

  #fail(code: EvalCode): never {
    throw new EvalError(code, this.#place);
  }
}
