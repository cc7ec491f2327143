import { LeftOutlined, RightOutlined, UploadOutlined } from '@ant-design/icons';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { calendarQuery } from '../../api/calendar.ts';
import { YEARS, type Calendar } from '../../api/calendar-types.ts';
import { sessionQuery } from '../../api/queries.ts';
import { Await } from '../../ui/States.tsx';
import { usePhone } from '../../ui/use-phone.ts';
import { useCalendarWords } from '../../words/calendar.ts';
import { MissingYears } from './MissingYears.tsx';
import { isNoYear, NoSuchYear } from './NoSuchYear.tsx';
import { Months } from './Months.tsx';
import { NamedDays } from './NamedDays.tsx';
import { RemoveSheet } from './RemoveSheet.tsx';
import '../../styles/calendar.css';

/** The company's working calendar: a year at a look, and what is missing. */
export function CalendarPage() {
  const words = useCalendarWords();
  const { year } = useSearch({ from: '/shell/calendar' });
  const query = useQuery({ ...calendarQuery(year), placeholderData: keepPreviousData });
  const mayChange = useMayChange();
  return (
    <div className="page wide calendar-page">
      <div className="page-head">
        <div>
          <h1>{words.title}</h1>
          <p className="soft small">{words.hint}</p>
        </div>
        {mayChange ? <ToImport year={query.data?.year} label={words.import} /> : null}
      </div>
      {isNoYear(query.error) ? (
        <NoSuchYear error={query.error} to="/calendar" />
      ) : (
        <Await query={query} rows={8}>
          {(calendar) => <Year calendar={calendar} mayChange={mayChange} stale={query.isPlaceholderData} />}
        </Await>
      )}
    </div>
  );
}

/** Whether the reader may enter days; the server asks again. */
export function useMayChange(): boolean {
  return useQuery({ ...sessionQuery, enabled: false }).data?.can.includes('people') ?? false;
}

function Year({ calendar, mayChange, stale }: { calendar: Calendar; mayChange: boolean; stale: boolean }) {
  const words = useCalendarWords();
  const phone = usePhone();
  const [removing, setRemoving] = useState(false);
  const { year, days } = calendar;
  const own = days.filter((day) => day.own).length;
  const months = <Months calendar={calendar} />;
  return (
    <div className="stack" aria-busy={stale}>
      <MissingYears calendar={calendar} mayChange={mayChange} />
      <div className="year-head">
        <YearChoice calendar={calendar} />
        <span className={calendar.complete ? 'pill good' : 'pill warning'}>{calendar.complete ? words.complete : words.incomplete}</span>
        {mayChange && own > 0 ? (
          <Button type="text" danger onClick={() => setRemoving(true)}>
            {words.remove}
          </Button>
        ) : null}
      </div>
      {phone ? null : months}
      <NamedDays days={days} />
      {phone ? months : null}
      {removing ? <RemoveSheet key={year} calendar={calendar} own={own} close={() => setRemoving(false)} /> : null}
    </div>
  );
}

/** Which year is looked at: those that are known, and the ones before and after. */
function YearChoice({ calendar }: { calendar: Calendar }) {
  const words = useCalendarWords();
  const navigate = useNavigate();
  const { year, complete } = calendar;
  const go = (to: number) => void navigate({ to: '/calendar', search: { year: to } });
  const known = new Map([[year, complete] as const, ...calendar.years.map((one) => [one.year, one.complete] as const)]);
  const options = [...known].sort(([one], [other]) => one - other);
  return (
    <nav className="year-choice" aria-label={words.year}>
      <Button icon={<LeftOutlined />} aria-label={words.before(year - 1)} disabled={year <= YEARS.first} onClick={() => go(year - 1)} />
      <Select
        aria-label={words.year}
        value={year}
        onChange={go}
        options={options.map(([value, isKnown]) => ({ value, label: isKnown ? words.of(value) : words.unknown(value) }))}
      />
      <Button icon={<RightOutlined />} aria-label={words.after(year + 1)} disabled={year >= YEARS.last} onClick={() => go(year + 1)} />
    </nav>
  );
}

/** Leads to where days are entered. */
export function ToImport({ year, label, primary = false }: { year: number | undefined; label: string; primary?: boolean }) {
  const navigate = useNavigate();
  const go = () => void navigate({ to: '/calendar/import', search: year === undefined ? {} : { year } });
  return (
    <Button type={primary ? 'primary' : 'default'} icon={<UploadOutlined />} onClick={go}>
      {label}
    </Button>
  );
}
