import type { CalendarDay } from '../../api/calendar-types.ts';

const WEEK = 7;
const DAY_MS = 86_400_000;

/** The weeks of a month from Monday to Sunday; null where another month begins or ends. `month` is 1 to 12. */
export function weeksOf(year: number, month: number): (string | null)[][] {
  const first = utc(year, month - 1, 1);
  const length = utc(year, month, 0).getUTCDate();
  const before = (first.getUTCDay() + WEEK - 1) % WEEK;
  const weeks = Math.ceil((before + length) / WEEK);
  const indices = (count: number) => Array.from({ length: count }, (_, index) => index);
  return indices(weeks).map((week) =>
    indices(WEEK).map((weekday) => {
      const day = week * WEEK + weekday - before + 1;
      return day >= 1 && day <= length ? isoDay(year, month, day) : null;
    }),
  );
}

/** Days that follow one another and are the same: one holiday of several days. */
export interface Run {
  first: CalendarDay;
  last: string;
  days: number;
}

/** The days of a year in order, those of one holiday taken together. */
export function runsOf(days: CalendarDay[]): Run[] {
  const runs: Run[] = [];
  for (const day of [...days].sort((a, b) => a.date.localeCompare(b.date))) {
    const run = runs.at(-1);
    if (run && follows(run.last, day.date) && alike(run.first, day)) {
      run.last = day.date;
      run.days += 1;
    } else runs.push({ first: day, last: day.date, days: 1 });
  }
  return runs;
}

function follows(before: string, date: string): boolean {
  return Date.parse(`${date}T00:00:00Z`) - Date.parse(`${before}T00:00:00Z`) === DAY_MS;
}

function alike(one: CalendarDay, other: CalendarDay): boolean {
  return one.day === other.day && one.own === other.own && one.name.zh === other.name.zh && one.name.en === other.name.en;
}

/** `Date.UTC` takes years below 100 for those of the last century. */
function utc(year: number, month: number, day: number): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return date;
}

function isoDay(year: number, month: number, day: number): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}
