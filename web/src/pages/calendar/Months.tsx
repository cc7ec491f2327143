import { useState } from 'react';
import type { Calendar, CalendarDay } from '../../api/calendar-types.ts';
import { localOf } from '../../words/zone.ts';
import { useCalendarWords } from '../../words/calendar.ts';
import { useText, useWords } from '../../words/index.ts';
import { useTimeZone } from '../../words/use-formats.ts';
import { useDates } from './dates.ts';
import { weeksOf } from './months.ts';

const MONTHS = Array.from({ length: 12 }, (_, index) => index + 1);

/** A year as twelve small months, marked as wall calendars do. */
export function Months({ calendar }: { calendar: Calendar }) {
  const words = useCalendarWords();
  const [now] = useState(() => new Date().toISOString());
  const today = localOf(now, useTimeZone()).slice(0, 10);
  const marked = new Map(calendar.days.map((day) => [day.date, day]));
  return (
    <section aria-label={words.months(calendar.year)}>
      <div className="months">
        {MONTHS.map((month) => (
          <Month key={month} year={calendar.year} month={month} marked={marked} today={today} />
        ))}
      </div>
      <Legend own={calendar.days.some((day) => day.own)} />
    </section>
  );
}

interface MonthProps {
  year: number;
  month: number;
  marked: Map<string, CalendarDay>;
  today: string;
}

function Month({ year, month, marked, today }: MonthProps) {
  const dates = useDates();
  return (
    <div className="card month">
      <table>
        <caption>{dates.month(year, month)}</caption>
        <thead>
          <tr>
            {dates.weekdays.map(({ short, long }) => (
              <th key={long} scope="col">
                <span aria-hidden="true">{short}</span>
                <span className="visually-hidden">{long}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(year, month).map((week) => (
            <tr key={week.find(Boolean)}>
              {week.map((date, weekday) =>
                date === null ? (
                  <td key={`empty ${weekday}`} />
                ) : (
                  <Day key={date} date={date} day={marked.get(date)} weekend={weekday > 4} isToday={date === today} />
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface DayProps {
  date: string;
  day: CalendarDay | undefined;
  weekend: boolean;
  isToday: boolean;
}

/** One day: its number and, where it is not as its day of the week would make it, what it is, in words. */
function Day({ date, day, weekend, isToday }: DayProps) {
  const words = useCalendarWords();
  const common = useWords().common;
  const text = useText();
  const number = Number(date.slice(8));
  const today = isToday ? <span className="visually-hidden">{words.today}</span> : null;
  const current = isToday ? ({ 'aria-current': 'date' } as const) : {};
  if (!day)
    return (
      <td className={weekend ? 'weekend' : undefined} {...current}>
        <span className="number">{number}</span>
        {today}
      </td>
    );
  const said = [text(day.name), words.kind[day.day], ...(day.own ? [words.own] : [])];
  return (
    <td className={day.own ? `${day.day} own` : day.day} title={said.join(common.join)} {...current}>
      <span className="number">{number}</span>
      <span className="day-badge" aria-hidden="true">
        {words.badge[day.day]}
      </span>
      <span className="visually-hidden">{said.join(common.join)}</span>
      {today}
    </td>
  );
}

/** What the marks mean. */
function Legend({ own }: { own: boolean }) {
  const words = useCalendarWords();
  return (
    <ul className="legend small soft" aria-label={words.legend}>
      {(['holiday', 'workday'] as const).map((kind) => (
        <li key={kind} className={kind}>
          <span className="day-badge" aria-hidden="true">
            {words.badge[kind]}
          </span>
          {words.kind[kind]}
        </li>
      ))}
      {own ? (
        <li className="own">
          <span className="own-mark" aria-hidden="true" />
          {words.own}
        </li>
      ) : null}
    </ul>
  );
}
