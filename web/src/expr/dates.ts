/** A local date: days since 1 January 1970. */
export type Day = number;

/** The years that dates can have. */
const FIRST_YEAR = 1;
const LAST_YEAR = 9999;

/** Days of 400 years, after which the calendar repeats. */
const ERA = 146_097;
/** Days from 1 March of the year 0 to 1 January 1970. */
const EPOCH = 719_468;

/** Reads `2026-03-01`; `null` for any other text. */
export function parseDate(text: string): Day | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (parts === null) return null;
  const [year, month, date] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const day = dayOf(year, month, date);
  return year >= FIRST_YEAR && formatDate(day) === text ? day : null;
}

export function formatDate(day: Day): string {
  const { year, month, date } = civil(day);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(date, 2)}`;
}

export function isInRange(day: Day): boolean {
  return Number.isSafeInteger(day) && day >= dayOf(FIRST_YEAR, 1, 1) && day <= dayOf(LAST_YEAR, 12, 31);
}

/** The day of the week, Monday 0 to Sunday 6. */
export function weekday(day: Day): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** The day of a date of the Gregorian calendar; years are counted from March, so that a leap day is the last of its year. */
export function dayOf(year: number, month: number, date: number): Day {
  const fromMarch = month > 2 ? year : year - 1;
  const era = Math.floor(fromMarch / 400);
  const yearOfEra = fromMarch - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + date - 1;
  return era * ERA + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - EPOCH;
}

export function civil(day: Day): { year: number; month: number; date: number } {
  const shifted = day + EPOCH;
  const era = Math.floor(shifted / ERA);
  const dayOfEra = shifted - era * ERA;
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / (ERA - 1));
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const date = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, date };
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
