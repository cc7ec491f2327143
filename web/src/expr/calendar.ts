import { civil, isInRange, parseDate, weekday, type Day } from './dates.ts';
import type { EvalCode } from './errors.ts';

/** A calendar as the server sends it. */
export interface CalendarJson {
  zone: string;
  free?: string[];
  data?: { years?: number[]; days?: Record<string, { day: string }> };
}

/** Why a question about working days has no answer. */
export class CalendarError extends Error {
  constructor(
    readonly code: EvalCode,
    readonly year: number | null = null,
  ) {
    super(code);
  }
}

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Which days a company works; only for the years whose holidays are known. The twin of `domain/src/calendar.rs`. */
export class Calendar {
  readonly zone: string;
  readonly #free: ReadonlySet<number>;
  readonly #years: ReadonlySet<number>;
  readonly #worked: ReadonlyMap<Day, boolean>;

  constructor(json: CalendarJson) {
    this.zone = json.zone;
    this.#free = new Set((json.free ?? ['sat', 'sun']).map((name) => WEEKDAYS.indexOf(name)));
    this.#years = new Set(json.data?.years);
    const days = Object.entries(json.data?.days ?? {});
    this.#worked = new Map(days.map(([date, entry]) => [parseDate(date) ?? Number.NaN, entry.day === 'workday']));
  }

  isWorkday(day: Day): boolean {
    const { year } = civil(day);
    if (!this.#years.has(year)) throw new CalendarError('expr.no-calendar-data', year);
    return this.#worked.get(day) ?? !this.#free.has(weekday(day));
  }

  /** The n-th working day after a day; before it where n is negative; the day itself where n is 0. */
  addWorkdays(from: Day, n: number): Day {
    let at = from;
    for (let left = Math.abs(n); left > 0; ) {
      at = step(at, n > 0);
      if (this.isWorkday(at)) left -= 1;
    }
    return at;
  }

  /** How many working days lie after `from` up to and including `to`; negative backwards. */
  workdaysBetween(from: Day, to: Day): number {
    const forward = to > from;
    let count = 0;
    for (let at = from; at !== to; ) {
      at = step(at, forward);
      if (this.isWorkday(at)) count += 1;
    }
    return forward || count === 0 ? count : -count;
  }
}

function step(day: Day, forward: boolean): Day {
  const next = day + (forward ? 1 : -1);
  if (!isInRange(next)) throw new CalendarError('expr.date-out-of-range');
  return next;
}
