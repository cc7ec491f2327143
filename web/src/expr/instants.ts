import { civil, dayOf, parseDate, type Day } from './dates.ts';

/** A moment: microseconds since 1970, UTC. */
export type Instant = bigint;

const SECOND = 1_000_000n;
const DAY = 86_400n * SECOND;

/** Date and time of day; up to nine digits of a second; `Z` or an offset. */
const WRITTEN = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/** Reads an RFC 3339 text, cut to microseconds; `null` for any other text. */
export function parseInstant(text: string): Instant | null {
  const parts = WRITTEN.exec(text);
  if (parts === null) return null;
  const day = parseDate(parts[1] ?? '');
  const [hour, minute, second] = [Number(parts[2]), Number(parts[3]), Number(parts[4])];
  const [offsetHour, offsetMinute] = [Number(parts[7] ?? 0), Number(parts[8] ?? 0)];
  if (day === null || hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return null;
  const offset = (offsetHour * 60 + offsetMinute) * (parts[6] === '-' ? -1 : 1);
  const micros = BigInt((parts[5] ?? '').slice(0, 6).padEnd(6, '0'));
  const instant = BigInt(day) * DAY + BigInt((hour * 60 + minute - offset) * 60 + second) * SECOND + micros;
  const inRange = instant >= BigInt(dayOf(1, 1, 1)) * DAY && instant < BigInt(dayOf(10_000, 1, 1)) * DAY;
  return inRange ? instant : null;
}

/** Writes UTC with six digits of a second. */
export function formatInstant(instant: Instant): string {
  const day = floored(instant, DAY);
  const rest = instant - day * DAY;
  const seconds = rest / SECOND;
  const { year, month, date } = civil(Number(day));
  const clock = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map((part) => pad(part, 2)).join(':');
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(date, 2)}T${clock}.${pad(rest % SECOND, 6)}Z`;
}

/** The date on the clocks of a time zone. */
export function localDate(instant: Instant, zone: string): Day {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, year: 'numeric', month: 'numeric', day: 'numeric' });
  const parts = format.formatToParts(new Date(Number(floored(instant, 1000n))));
  const part = (type: string) => Number(parts.find((found) => found.type === type)?.value ?? Number.NaN);
  return dayOf(part('year'), part('month'), part('day'));
}

function floored(value: bigint, unit: bigint): bigint {
  const quotient = value / unit;
  return quotient * unit > value ? quotient - 1n : quotient;
}

function pad(value: number | bigint, digits: number): string {
  return String(value).padStart(digits, '0');
}
