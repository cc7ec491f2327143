import type { Language } from '../api/types.ts';
import { grouped } from './grouped.ts';
import { wordsOf } from './index.ts';

/** Writes times, dates, amounts and periods for one reader in the company's time zone. */
export interface Formats {
  /** 11月21日 14:30, with the year when it is another one. */
  time(instant: string): string;
  /** 3 小时前; after a day, the time itself. */
  ago(instant: string, now?: Date): string;
  /** 2026年11月21日. */
  date(date: string): string;
  /** The day of an instant. */
  day(instant: string): string;
  /** ¥12,800.00. */
  money(amount: string): string;
  /** 12,800.5, with as many places as it has. */
  number(value: string): string;
  /** 2026年11月, 2026 年第 4 季度. */
  period(period: string): string;
  /** How long ago something was due. */
  lateness(due: string, now?: Date): string;
  /** 今天 18:00 前处理. */
  due(due: string, now?: Date): string;
  /** 14:30. */
  clock(at: Date): string;
  size(bytes: number): string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Makes the formats for a language and time zone. */
export function formats(language: Language, timeZone: string): Formats {
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
  const words = wordsOf(language).time;
  const join = language === 'zh' ? ' ' : ', ';
  const clock = new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const near = new Intl.DateTimeFormat(locale, {
    timeZone,
    month: language === 'zh' ? 'long' : 'short',
    day: 'numeric',
  });
  const far = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: language === 'zh' ? 'long' : 'medium' });
  const plain = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', dateStyle: language === 'zh' ? 'long' : 'medium' });
  const month = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', year: 'numeric', month: 'long' });
  const isoDay = new Intl.DateTimeFormat('en-CA', { timeZone });

  const dayName = (instant: Date, now: Date): string => {
    const day = isoDay.format(instant);
    if (day === isoDay.format(now)) return words.today;
    if (day === isoDay.format(new Date(now.getTime() + DAY_MS))) return words.tomorrow;
    if (day === isoDay.format(new Date(now.getTime() - DAY_MS))) return words.yesterday;
    return (day.slice(0, 4) === isoDay.format(now).slice(0, 4) ? near : far).format(instant);
  };

  const isMidnight = (at: Date): boolean => clock.format(at) === '00:00' && at.getTime() % MINUTE_MS === 0;

  const time = (instant: string): string => {
    const at = new Date(instant);
    if (Number.isNaN(at.getTime())) return instant;
    return `${isoDay.format(at).slice(0, 4) === isoDay.format(new Date()).slice(0, 4) ? near.format(at) : far.format(at)}${join}${clock.format(at)}`;
  };

  const span = (milliseconds: number): string => {
    if (milliseconds >= DAY_MS) return words.days(Math.floor(milliseconds / DAY_MS));
    if (milliseconds >= HOUR_MS) return words.hours(Math.floor(milliseconds / HOUR_MS));
    return words.minutes(Math.max(1, Math.floor(milliseconds / MINUTE_MS)));
  };

  return {
    time,
    ago(instant, now = new Date()) {
      const at = new Date(instant);
      const past = now.getTime() - at.getTime();
      if (past < MINUTE_MS) return words.justNow;
      if (past < HOUR_MS) return words.minutesAgo(Math.floor(past / MINUTE_MS));
      if (past < 12 * HOUR_MS) return words.hoursAgo(Math.floor(past / HOUR_MS));
      return `${dayName(at, now)} ${clock.format(at)}`;
    },
    date: (date) => (/^\d{4}-\d{2}-\d{2}$/.test(date) ? plain.format(new Date(`${date}T00:00:00Z`)) : date),
    day: (instant) => far.format(new Date(instant)),
    money: (amount) => grouped(amount, '¥'),
    number: (value) => grouped(value, ''),
    period(period) {
      const [year = period, rest] = period.split('-');
      if (rest === undefined) return words.year(year);
      if (rest.startsWith('W')) return words.week(year, rest.slice(1));
      if (rest.startsWith('Q')) return words.quarter(year, rest.slice(1));
      return month.format(new Date(`${year}-${rest}-01T00:00:00Z`));
    },
    lateness: (due, now = new Date()) => words.overdueBy(span(now.getTime() - new Date(due).getTime())),
    due(due, now = new Date()) {
      const at = new Date(due);
      // Midnight ends the day that people name, it does not begin the next one.
      if (isMidnight(at)) return words.due(`${dayName(new Date(at.getTime() - 1), now)} 24:00`);
      return words.due(`${dayName(at, now)} ${clock.format(at)}`);
    },
    clock: (at) => clock.format(at),
    size: (bytes) => {
      if (bytes < 1024) return `${bytes} B`;
      if (bytes < 1024 * 1024) return `${Math.ceil(bytes / 1024)} kB`;
      return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
    },
  };
}
