import type { Text } from './types.ts';

/** The years that there are; the server refuses others. */
export const YEARS = { first: 1, last: 9999 };

export interface CalendarDay {
  date: string;
  day: 'holiday' | 'workday';
  name: Text;
  /** Whether the company entered it, over what the product ships. */
  own: boolean;
}

export interface CalendarYear {
  year: number;
  complete: boolean;
  /** Whether the product ships this year's public holidays. */
  shipped: boolean;
  own_days: number;
}

/** The days of a year that are not as their day of the week would make them, and which years are known. */
export interface Calendar {
  year: number;
  /** Whether deadlines in it can be told. */
  complete: boolean;
  days: CalendarDay[];
  years: CalendarYear[];
  /** Of this year and the next, those that nobody has entered yet. */
  missing: number[];
}

export interface CalendarSheet {
  /** CSV: `date,day,name[,name_en]`. */
  days: string;
  /** Years of which it holds every public holiday and make-up workday. */
  complete: number[];
}

export interface ImportedYear {
  year: number;
  complete: boolean;
  /** The company's own days, now. */
  days: number;
  /** Days that are new, gone or different. */
  changed: number;
}

export interface CalendarImported {
  years: ImportedYear[];
  /** `place` is file, line and column. */
  warnings: { place: string; code: string; message: Text }[];
}
