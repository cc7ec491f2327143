import { instantOf } from '../../words/zone.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** From when on time is told as running short. */
const NEAR_DAYS = 3;

/** How much time is left, in the greatest unit that still says enough, and how much that presses. */
export interface Remaining {
  unit: 'days' | 'hours' | 'minutes';
  count: number;
  tone: 'calm' | 'warning' | 'bad';
}

/** What is left until an instant; null when it is over. */
export function remaining(until: string, now: Date): Remaining | null {
  const left = Date.parse(until) - now.getTime();
  if (left < 0) return null;
  const tone = left < DAY_MS ? 'bad' : left < NEAR_DAYS * DAY_MS ? 'warning' : 'calm';
  if (left >= 2 * DAY_MS) return { unit: 'days', count: Math.floor(left / DAY_MS), tone };
  if (left >= HOUR_MS) return { unit: 'hours', count: Math.floor(left / HOUR_MS), tone };
  return { unit: 'minutes', count: Math.max(1, Math.floor(left / MINUTE_MS)), tone };
}

/** The instant of `2026-03-04 10:00` in the company's time. */
export function instantIn(local: string, timeZone: string): string {
  return instantOf(local.replace(' ', 'T'), timeZone);
}
