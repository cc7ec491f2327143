import { ExclamationCircleOutlined } from '@ant-design/icons';
import type { Calendar } from '../../api/calendar-types.ts';
import { useCalendarWords } from '../../words/calendar.ts';
import { ToImport } from './CalendarPage.tsx';

/** Says of every year that nobody has entered what that means, and who can mend it. */
export function MissingYears({ calendar, mayChange }: { calendar: Calendar; mayChange: boolean }) {
  const words = useCalendarWords();
  return missingYears(calendar).map((year) => {
    const own = calendar.years.find((one) => one.year === year)?.own_days ?? 0;
    return (
      <section key={year} className="notice warning missing-year" aria-label={words.missing(year)}>
        <ExclamationCircleOutlined />
        <div>
          <strong>{words.missing(year)}</strong>
          <p>{words.missingHint}</p>
          {own > 0 ? <p>{words.partly(own)}</p> : null}
          {mayChange ? null : <p>{words.askAdmin}</p>}
        </div>
        {mayChange ? <ToImport year={year} label={words.importOf(year)} primary /> : null}
      </section>
    );
  });
}

/** Those that are needed soon, and the one that is looked at. */
export function missingYears({ year, complete, missing }: Pick<Calendar, 'year' | 'complete' | 'missing'>): number[] {
  return [...new Set(complete ? missing : [...missing, year])].sort((a, b) => a - b);
}
