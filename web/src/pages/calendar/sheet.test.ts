import { expect, it } from 'vitest';
import type { CalendarDay } from '../../api/calendar-types.ts';
import { lineOf, placeOf, template, withCommas, yearsIn } from './sheet.ts';

const day = (date: string, own: boolean, zh: string, en?: string): CalendarDay => ({
  date,
  day: 'holiday',
  own,
  name: { zh, ...(en ? { en } : {}) },
});

it('starts from what is certain of a year, or from what the company has of its own, so that an import loses none of it', () => {
  const fresh = template(2027, [day('2027-01-01', false, '元旦')]);
  expect(fresh.split('\n').slice(0, 2)).toEqual(['date,day,name,name_en', "2027-01-01,holiday,元旦,New Year's Day"]);
  expect(yearsIn(fresh)).toEqual([2027]);
  const own = template(2026, [day('2026-05-01', false, '劳动节'), day('2026-05-08', true, '司庆, "十周年"', 'Founding day')]);
  expect(own).toBe('date,day,name,name_en\n2026-05-08,holiday,"司庆, ""十周年""",Founding day\n');
});

it('finds each year once, however dates are written, and takes nothing else for one', () => {
  const text = 'day,date,name\n休,2028/1/1,元旦\nholiday,"2027-10-01",国庆节\nholiday,2027-10-02,2031-2035 规划\n班,20299-01-01,\n';
  expect(yearsIn(text)).toEqual([2027, 2028]);
  expect(yearsIn('')).toEqual([]);
});

it('takes cells as they are copied from a spreadsheet', () => {
  expect(withCommas('date\tday\tname\r\n2027/1/1\t休\t元旦, 放假\r\n')).toBe('date,day,name\n2027/1/1,休,"元旦, 放假"\n');
  expect(withCommas('\uFEFFdate,day\n2027-01-01,holiday\tx\n')).toBe('date,day\n2027-01-01,holiday\tx\n');
});

it('names the column of a finding, or only the line where the line is meant', () => {
  const text = 'date,day,name\r\n"2027-01-01",闲,元旦\n2027-01-02,"休,班",𠮷日,x\n';
  expect(placeOf('calendar.csv:2:14', 'calendar.day', text)).toEqual({ line: 2, column: 'day' });
  expect(placeOf('calendar.csv:2:1', 'calendar.date', text)).toEqual({ line: 2, column: 'date' });
  expect(placeOf('calendar.csv:3:18', 'csv.characters', text)).toEqual({ line: 3, column: 'name' });
  // The cell after the last column has none.
  expect(placeOf('calendar.csv:3:21', 'csv.characters', text)).toEqual({ line: 3, at: 21 });
  expect(placeOf('calendar.csv:3:1', 'csv.cells', text)).toEqual({ line: 3 });
  expect(placeOf('calendar.csv', 'calendar.empty-year', text)).toBeNull();
  expect([lineOf(text, 1), lineOf(text, 9)]).toEqual(['date,day,name', '']);
});
