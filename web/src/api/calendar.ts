import { queryOptions, type QueryClient } from '@tanstack/react-query';
import type { Calendar, CalendarImported, CalendarSheet } from './calendar-types.ts';
import { read, write } from './fetch.ts';
import { keys } from './keys.ts';

/** The days of a year; of this one, where none is named. */
export const calendarQuery = (year: number | undefined) =>
  queryOptions({
    queryKey: keys.calendar(year),
    queryFn: ({ signal }) => read<Calendar>('/calendar', { query: { year }, signal }),
  });

export const importCalendar = (sheet: CalendarSheet, intent: string) =>
  write<CalendarImported>('POST', '/admin/calendar/import', { body: sheet, intent });

export const removeCalendar = (year: number, intent: string) =>
  write('POST', `/admin/calendar/${year}/remove`, { body: {}, intent });

/** What other days make stale: the calendar, and every deadline. */
export function daysChanged(client: QueryClient): void {
  for (const queryKey of [keys.calendars, keys.tasks, keys.instances]) void client.invalidateQueries({ queryKey });
}
