import type { CalendarDay } from '../../api/calendar-types.ts';

const HEAD = 'date,day,name,name_en';

/** What the Regulation on public holidays fixes to a date; the rest moves with the moon and the yearly notice. */
const FIXED = [
  ['01-01', '元旦', "New Year's Day"],
  ['05-01', '劳动节', 'Labour Day'],
  ['05-02', '劳动节', 'Labour Day'],
  ['10-01', '国庆节', 'National Day'],
  ['10-02', '国庆节', 'National Day'],
  ['10-03', '国庆节', 'National Day'],
];

/** A sheet to start from: what the company has of its own in a year, or what is certain of it. */
export function template(year: number, days: CalendarDay[]): string {
  const own = days.filter((day) => day.own);
  const rows =
    own.length > 0
      ? own.map(({ date, day, name }) => [date, day, name.zh, name.en ?? ''])
      : FIXED.map(([date = '', zh = '', en = '']) => [`${year}-${date}`, 'holiday', zh, en]);
  return `${[HEAD, ...rows.map((row) => row.map(quoted).join(','))].join('\n')}\n`;
}

/** The years of which a sheet names a day, in order. */
export function yearsIn(text: string): number[] {
  const dates = text.matchAll(/(?:^|[\n\r,"])[ "]*(\d{4})[-/]\d{1,2}[-/]\d{1,2}(?!\d)/g);
  return [...new Set([...dates].map(([, year]) => Number(year)))].sort((a, b) => a - b);
}

/** Cells copied from a spreadsheet have tabs between them; other text stays as it is, without the mark of its encoding. */
export function withCommas(pasted: string): string {
  const text = pasted.replace(/^\uFEFF/, '');
  const head = text.split('\n', 1)[0] ?? '';
  if (!head.includes('\t') || head.includes(',')) return text;
  const rows = text.replace(/\r\n?/g, '\n').split('\n');
  return rows.map((row) => row.split('\t').map(copied).join(',')).join('\n');
}

/** Where a finding is: a line and, where one cell is meant, its column. */
export type Place = { line: number; column: string } | { line: number; at: number } | { line: number } | null;

/** What is about a line as a whole. */
const OF_A_LINE = ['csv.cells', 'csv.empty', 'csv.missing-column', 'csv.too-long', 'calendar.not-complete', 'calendar.few-holidays'];

/** Reads `calendar.csv:3:12` against the text that was sent. None: the whole file. */
export function placeOf(place: string, code: string, text: string): Place {
  const [, line, at] = /:(\d+):(\d+)$/.exec(place) ?? [];
  if (line === undefined || at === undefined) return null;
  const [number, letter] = [Number(line), Number(at)];
  if (OF_A_LINE.includes(code)) return { line: number };
  const column = cells(lineOf(text, 1))[cellAt(lineOf(text, number), letter)]?.trim();
  return column ? { line: number, column } : { line: number, at: letter };
}

/** A line of the text, counted from 1. */
export function lineOf(text: string, line: number): string {
  return (text.split('\n')[line - 1] ?? '').replace(/\r$/, '');
}

/** Which cell a letter of a line is in. Letters are counted from 1 as the server does, so that 𠮷 is one. */
function cellAt(line: string, letter: number): number {
  return cells([...line].slice(0, letter - 1).join('')).length - 1;
}

function cells(line: string): string[] {
  const found = [''];
  let quotes = false;
  for (const letter of line) {
    if (letter === '"') quotes = !quotes;
    else if (letter === ',' && !quotes) found.push('');
    else found[found.length - 1] += letter;
  }
  return found;
}

function quoted(cell: string): string {
  return /[",\n\r]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell;
}

/** A copied cell; with a line break in it, the spreadsheet has put it into quotes already. */
function copied(cell: string): string {
  return cell.startsWith('"') ? cell : quoted(cell);
}
