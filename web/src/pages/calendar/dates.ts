import { useMemo } from 'react';
import type { Language } from '../../api/types.ts';
import { useLanguage } from '../../words/language.ts';
import type { Run } from './months.ts';

/** How dates of a wall calendar are written. */
export interface Dates {
  /** 10月. */
  month(year: number, month: number): string;
  /** From Monday on. */
  weekdays: { short: string; long: string }[];
  /** 5月8日周五; 10月1日至7日. */
  run(run: Run): string;
}

export function datesOf(language: Language): Dates {
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options });
  const at = (date: string) => new Date(`${date}T00:00:00Z`);
  const month = format({ month: language === 'zh' ? 'numeric' : 'long' });
  const [short, long] = [format({ weekday: language === 'zh' ? 'narrow' : 'short' }), format({ weekday: 'long' })];
  const one = format({ month: 'long', day: 'numeric', weekday: 'short' });
  const several = format({ month: 'long', day: 'numeric' });
  // 1 January 2024 is a Monday.
  const week = Array.from({ length: 7 }, (_, index) => at(`2024-01-0${index + 1}`));
  return {
    month: (year, number) => month.format(new Date(Date.UTC(year, number - 1, 1))),
    weekdays: week.map((day) => ({ short: short.format(day), long: long.format(day) })),
    run({ first, last, days }) {
      if (days === 1) return one.format(at(first.date));
      return language === 'zh' ? chineseRange(first.date, last) : several.formatRange(at(first.date), at(last));
    },
  };
}

/** 10月1日至7日, as notices write it; browsers give 10/1 – 10/7. */
function chineseRange(first: string, last: string): string {
  const [, month, day] = first.split('-').map(Number);
  const [, lastMonth, lastDay] = last.split('-').map(Number);
  return `${month}月${day}日至${lastMonth === month ? '' : `${lastMonth}月`}${lastDay}日`;
}

export function useDates(): Dates {
  const language = useLanguage();
  return useMemo(() => datesOf(language), [language]);
}
