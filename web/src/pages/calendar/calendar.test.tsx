// @vitest-environment happy-dom
import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Calendar, CalendarDay } from '../../api/calendar-types.ts';
import { Problem } from '../../api/problem.ts';
import { NoCalendar } from '../../ui/NoCalendar.tsx';
import { click, draw } from '../../ui/testing.tsx';
import { calendarWords } from '../../words/calendar.ts';
import { setLanguage } from '../../words/language.ts';
import { zh } from '../../words/zh.ts';
import { datesOf } from './dates.ts';
import { missingYears } from './MissingYears.tsx';
import { Months } from './Months.tsx';
import { runsOf, weeksOf } from './months.ts';
import { isNoYear, NoSuchYear } from './NoSuchYear.tsx';
import { NamedDays } from './NamedDays.tsx';
import { Mistakes, Result } from './Outcome.tsx';
import { YearTicks } from './YearTicks.tsx';

const words = calendarWords('zh');
let leave = () => {};
beforeEach(() => setLanguage('zh'));
afterEach(() => leave());

async function drawn(node: ReactNode): Promise<HTMLElement> {
  const page = await draw(node);
  leave = page.leave;
  return page.element;
}

/** Something with links, at an address of its own. */
function routed(node: ReactNode): ReactNode {
  const root = createRootRoute();
  const here = createRoute({ getParentRoute: () => root, path: '/', component: () => node });
  const router = createRouter({ routeTree: root.addChildren([here]), history: createMemoryHistory() });
  return <RouterProvider router={router as never} />;
}

const day = (date: string, more: Partial<CalendarDay> = {}): CalendarDay => ({
  date,
  day: 'holiday',
  name: { zh: '国庆节', en: 'National Day' },
  own: false,
  ...more,
});

const calendar = (more: Partial<Calendar> = {}): Calendar => ({ year: 2026, complete: true, days: [], years: [], missing: [], ...more });

it.each([
  [2027, 2, 4, '2027-02-01', '2027-02-28'],
  [2024, 2, 5, '2024-02-01', '2024-02-29'],
  [2026, 8, 6, '2026-08-01', '2026-08-31'],
  [99, 5, 5, '0099-05-01', '0099-05-31'],
] as const)('%i-%i fills %i weeks from Monday to Sunday', (year, month, count, first, last) => {
  const weeks = weeksOf(year, month);
  expect([weeks.length, weeks.every((week) => week.length === 7)]).toEqual([count, true]);
  const dates = weeks.flat().filter((date) => date !== null);
  expect([dates[0], dates.at(-1)]).toEqual([first, last]);
  for (const week of weeks) {
    for (const [weekday, date] of week.entries()) if (date) expect((new Date(date).getUTCDay() + 6) % 7).toBe(weekday);
  }
});

it('shows every day of a year once, and says in words what a marked day is', async () => {
  const days = [
    day('2026-10-01'),
    day('2026-10-10', { day: 'workday', name: { zh: '国庆节调休上班' } }),
    day('2026-12-18', { name: { zh: '司庆' }, own: true }),
  ];
  const page = await drawn(<Months calendar={calendar({ days })} />);
  expect([...page.querySelectorAll('table caption')].map((caption) => caption.textContent)).toContain('10月');
  expect(page.querySelectorAll('td .number')).toHaveLength(365);
  const marked = [...page.querySelectorAll('td[title]')].map((cell) => cell.textContent);
  expect(marked).toEqual(['1休国庆节、放假', '10班国庆节调休上班、调休上班', `18休司庆、放假、${words.own}`]);
  expect(page.querySelector('.legend')?.textContent).toContain(words.own);
});

it('takes the days of one holiday together, and keeps what differs apart', async () => {
  const days = [
    day('2026-09-30'),
    day('2026-10-01'),
    day('2026-10-02', { own: true }),
    day('2026-10-03', { day: 'workday' }),
    day('2026-10-05', { day: 'workday' }),
  ];
  const runs = runsOf([...days].reverse());
  expect(runs.map(({ first, last, days: count }) => [first.date, last, count])).toEqual([
    ['2026-09-30', '2026-10-01', 2],
    ['2026-10-02', '2026-10-02', 1],
    ['2026-10-03', '2026-10-03', 1],
    ['2026-10-05', '2026-10-05', 1],
  ]);
  const said = (language: 'zh' | 'en') => runs.slice(0, 2).map((run) => datesOf(language).run(run));
  expect(said('zh')).toEqual(['9月30日至10月1日', '10月2日周五']);
  expect(said('en').map((text) => text.replace(/\s/g, ' '))).toEqual(['30 September – 1 October', 'Fri 2 October']);
  const list = await drawn(<NamedDays days={days} />);
  expect(list.textContent).toContain(words.sum(3, 2));
  expect(list.querySelectorAll('li')).toHaveLength(4);
});

it('names the years that are needed soon, and the one that is looked at', () => {
  expect(missingYears({ year: 2026, complete: true, missing: [2027] })).toEqual([2027]);
  expect(missingYears({ year: 2027, complete: false, missing: [2027] })).toEqual([2027]);
  expect(missingYears({ year: 2014, complete: false, missing: [2027] })).toEqual([2014, 2027]);
  expect(missingYears({ year: 2026, complete: true, missing: [] })).toEqual([]);
});

it('asks only of an unknown year whether all of it is listed, and says what will be replaced', async () => {
  let ticked: number[] = [];
  const years = [
    { year: 2026, calendar: calendar({ days: [day('2026-12-18', { own: true }), day('2026-10-01')] }) },
    { year: 2027, calendar: calendar({ year: 2027, complete: false }) },
  ];
  const page = await drawn(<YearTicks years={years} ticked={ticked} change={(next) => (ticked = next)} />);
  expect(page.textContent).toContain(words.importing.known(2026));
  expect(page.textContent).toContain(words.importing.replaced(2026, 1));
  expect(page.textContent).toContain(words.importing.notAll(2027));
  const boxes = page.querySelectorAll<HTMLInputElement>('input[type=checkbox]');
  expect(boxes).toHaveLength(1);
  await click(boxes[0] ?? null);
  expect(ticked).toEqual([2027]);
});

it('says where a mistake is, with the line itself', async () => {
  const errors = [
    { pointer: 'calendar.csv:2:12', keyword: 'calendar.day', message: '`闲` 既不是假日也不是上班日' },
    { pointer: 'calendar.csv', keyword: 'calendar.empty-year', message: '没有 2028 年的日子' },
  ];
  const refused = new Problem({ title: '表格有误', status: 422, code: 'sheets_invalid', errors });
  const page = await drawn(<Mistakes error={refused} text={'date,day\n2027-01-01,闲\n'} />);
  const said = [...page.querySelectorAll('li')].map((item) => item.textContent);
  expect(said).toEqual([`第 2 行 day 列 ${errors[0]?.message}2027-01-01,闲`, `整个文件 ${errors[1]?.message}`]);
  leave();
  const other = new Problem({ title: '没有权限', status: 403, code: 'forbidden' });
  expect((await drawn(<Mistakes error={other} text="" />)).textContent).toBe('没有权限');
});

it.each([
  ['a day is another', 1, [], words.importing.counting],
  ['only the year became complete', 0, [2027], words.importing.counting],
  ['nothing is another', 0, [], words.importing.same],
] as const)('after an import in which %s, it says what happens to deadlines', async (_, changed, complete, said) => {
  const imported = { years: [{ year: 2027, complete: true, days: 13, changed }], warnings: [] };
  const page = await drawn(routed(<Result imported={imported} sent={{ days: '', complete: [...complete] }} again={() => {}} />));
  expect(page.textContent).toContain(said);
  expect(page.textContent).toContain(words.importing.result(13, changed));
  expect(document.activeElement?.textContent).toBe(words.importing.done);
});

it('leads from a deadline without a date to the year that is missing', async () => {
  const page = await drawn(routed(<NoCalendar year={2027} />));
  const link = page.querySelector('a');
  expect([link?.getAttribute('href'), link?.textContent]).toEqual(['/calendar?year=2027', zh.time.noCalendar(2027)]);
});

it('says which years there are where one was typed that is none, and leads to this one', async () => {
  const error = new Problem({ title: '请求有误', detail: '年份应在 1 到 9999 之间', status: 422, code: 'year_invalid' });
  expect([isNoYear(error), isNoYear(new Problem({ title: '', status: 500, code: 'internal' }))]).toEqual([true, false]);
  const page = await drawn(routed(<NoSuchYear error={error} to="/calendar" />));
  expect(page.textContent).toContain('年份应在 1 到 9999 之间');
  expect(page.querySelector('button')?.textContent).toBe(words.thisYear);
});
