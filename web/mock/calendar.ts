import { YEARS, type Calendar, type CalendarDay, type CalendarImported, type CalendarYear } from '../src/api/calendar-types.ts';
import type { Text } from '../src/api/types.ts';
import type { Call } from './api.ts';
import { noContent, ok, problem } from './answers.ts';
import { t, type LoggedIn } from './model.ts';

type Dated = Omit<CalendarDay, 'own'>;

/** What a company entered of one year. */
interface Own {
  complete: boolean;
  days: Dated[];
}

const KINDS: Record<string, Dated['day']> = { holiday: 'holiday', 休: 'holiday', workday: 'workday', 班: 'workday' };
const COLUMNS = ['date', 'day', 'name', 'name_en'];
/** Public holidays of a year. */
const STATUTORY = 13;

/** The one year that the stand-in ships: first and last day of a holiday, its name, and the weekends worked for it. */
const SHIPPED = 2026;
const FESTIVALS: [string, string, Text, string[]][] = [
  ['01-01', '01-03', t('元旦', "New Year's Day"), ['01-04']],
  ['02-15', '02-23', t('春节', 'Spring Festival'), ['02-14', '02-28']],
  ['04-04', '04-06', t('清明节', 'Tomb-sweeping Day'), []],
  ['05-01', '05-05', t('劳动节', 'Labour Day'), ['05-09']],
  ['06-19', '06-21', t('端午节', 'Dragon Boat Festival'), []],
  ['09-25', '09-27', t('中秋节', 'Mid-autumn Festival'), []],
  ['10-01', '10-07', t('国庆节', 'National Day'), ['09-20', '10-10']],
];

/** What companies entered, by company and year. */
const entered = new Map<string, Map<number, Own>>();

function ownOf(company: string): Map<number, Own> {
  const known = entered.get(company);
  if (known) return known;
  const own = new Map<number, Own>();
  if (company === 'pharma') {
    own.set(SHIPPED, { complete: false, days: [{ date: '2026-12-18', day: 'holiday', name: t('司庆', 'Founding day') }] });
  }
  entered.set(company, own);
  return own;
}

/** `GET /calendar`. */
export function calendar(now: Date, { query }: Call, me: LoggedIn): Response {
  const today = now.getFullYear();
  const year = Number(query.get('year') ?? today);
  if (!Number.isInteger(year)) return problem(400, 'bad_request', '网址参数 `year`：应为整数');
  if (year < YEARS.first || year > YEARS.last) return problem(422, 'year_invalid', '请求有误', { detail: '年份应在 1 到 9999 之间' });
  const own = ownOf(me.company.id);
  const mine = own.get(year)?.days ?? [];
  const dates = new Set(mine.map((day) => day.date));
  const shown = [
    ...(year === SHIPPED ? shipped() : []).filter((day) => !dates.has(day.date)).map((day) => ({ ...day, own: false })),
    ...mine.map((day) => ({ ...day, own: true })),
  ];
  const known = new Set([SHIPPED, ...own.keys(), today - 1, today, today + 1]);
  const years = [...known].sort((a, b) => a - b).map((one) => yearOf(own, one));
  const answer: Calendar = {
    year,
    complete: isComplete(own, year),
    days: shown.sort((a, b) => a.date.localeCompare(b.date)),
    years,
    missing: [today, today + 1].filter((one) => !isComplete(own, one)),
  };
  return ok(answer);
}

/** `POST /admin/calendar/import`, `POST /admin/calendar/{year}/remove`. */
export function changeCalendar({ parts: [, , what, action], body }: Call, me: LoggedIn): Response | null {
  if (!me.person.can.includes('people')) return problem(403, 'forbidden', '你没有这项权限');
  const own = ownOf(me.company.id);
  if (action === 'remove') return own.delete(Number(what)) ? noContent() : problem(404, 'not_found', '没有找到');
  if (what !== 'import') return null;
  const declared = Array.isArray(body['complete']) ? body['complete'].map(Number) : [];
  return bringIn(own, String(body['days'] ?? ''), declared);
}

function bringIn(own: Map<number, Own>, text: string, declared: number[]): Response {
  const { days, errors } = readDays(text);
  if (errors.length > 0) return problem(422, 'sheets_invalid', '表格有误，未导入', { detail: '请按提示修改后重新导入', errors });
  const warnings: CalendarImported['warnings'] = [];
  const years = [...new Set(days.map((day) => Number(day.date.slice(0, 4))))].sort((a, b) => a - b);
  const done = years.map((year) => {
    const before = own.get(year);
    const after = days.filter((day) => day.date.startsWith(`${year}-`));
    const complete = declared.includes(year) || before?.complete === true;
    own.set(year, { complete, days: after });
    const place = `calendar.csv:${text.split('\n').findIndex((line) => line.startsWith(String(year))) + 1}:1`;
    const message = warning(year, complete, after);
    if (message) warnings.push({ place, ...message });
    return { year, complete: isComplete(own, year), days: after.length, changed: changed(before?.days ?? [], after) };
  });
  const answer: CalendarImported = { years: done, warnings };
  return ok(answer);
}

function readDays(text: string) {
  const errors: { pointer: string; keyword: string; message: string }[] = [];
  const [head = '', ...lines] = text.trim().split('\n');
  const columns = head.split(',').map((column) => column.trim());
  const find = (line: number, at: number, keyword: string, message: string) =>
    errors.push({ pointer: `calendar.csv:${line}:${at}`, keyword, message });
  for (const column of columns) if (!COLUMNS.includes(column)) find(1, head.indexOf(column) + 1, 'csv.unknown-column', `不认识的列 \`${column}\``);
  const days = lines.map((line, index): Dated => {
    const cells = line.split(',').map((cell) => cell.trim());
    const cell = (column: string) => cells[columns.indexOf(column)] ?? '';
    const date = cell('date').replaceAll('/', '-');
    if (Number.isNaN(Date.parse(date))) find(index + 2, 1, 'calendar.date', `\`${date}\` 不是日期；写成 2027-01-01`);
    const day = KINDS[cell('day')];
    if (!day) find(index + 2, line.indexOf(',') + 2, 'calendar.day', `\`${cell('day')}\` 既不是假日也不是上班日；写 holiday（休）或 workday（班）`);
    const zh = cell('name') || (day === 'workday' ? '公司上班日' : '公司假日');
    return { date, day: day ?? 'holiday', name: { zh, ...(cell('name_en') ? { en: cell('name_en') } : {}) } };
  });
  return { days, errors };
}

function warning(year: number, complete: boolean, days: Dated[]): { code: string; message: Text } | null {
  if (year === SHIPPED) return null;
  const free = days.filter((day) => day.day === 'holiday').length;
  if (!complete) {
    const [zh, en] = [`${year} 年没有声明完整：导入后这一年仍然没有日历`, `${year} is not declared complete: it stays without a calendar`];
    return { code: 'calendar.not-complete', message: t(zh, en) };
  }
  if (free >= STATUTORY) return null;
  const [zh, en] = [`${year} 年只有 ${free} 个假日，少于法定的 ${STATUTORY} 天`, `${year} has only ${free} holidays, fewer than the ${STATUTORY} public ones`];
  return { code: 'calendar.few-holidays', message: t(zh, en) };
}

function changed(before: Dated[], after: Dated[]): number {
  const said = (days: Dated[]) => new Map(days.map((day) => [day.date, JSON.stringify(day)]));
  const [old, now] = [said(before), said(after)];
  return [...new Set([...old.keys(), ...now.keys()])].filter((date) => old.get(date) !== now.get(date)).length;
}

function isComplete(own: Map<number, Own>, year: number): boolean {
  return year === SHIPPED || own.get(year)?.complete === true;
}

function yearOf(own: Map<number, Own>, year: number): CalendarYear {
  return { year, complete: isComplete(own, year), shipped: year === SHIPPED, own_days: own.get(year)?.days.length ?? 0 };
}

function shipped(): Dated[] {
  return FESTIVALS.flatMap(([first, last, name, worked]) => {
    const days: Dated[] = [];
    const end = Date.parse(`${SHIPPED}-${last}T00:00:00Z`);
    for (let at = Date.parse(`${SHIPPED}-${first}T00:00:00Z`); at <= end; at += 86_400_000) {
      days.push({ date: new Date(at).toISOString().slice(0, 10), day: 'holiday', name });
    }
    const madeUp = t(`${name.zh}调休上班`, `${name.en} (make-up workday)`);
    return [...days, ...worked.map((date): Dated => ({ date: `${SHIPPED}-${date}`, day: 'workday', name: madeUp }))];
  });
}
