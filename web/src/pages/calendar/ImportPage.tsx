import { LeftOutlined } from '@ant-design/icons';
import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState, type FormEvent } from 'react';
import { calendarQuery, daysChanged, importCalendar } from '../../api/calendar.ts';
import { YEARS, type Calendar, type CalendarSheet } from '../../api/calendar-types.ts';
import { useWrite } from '../../api/use-write.ts';
import { CsvField } from '../../ui/CsvField.tsx';
import { Await, Empty } from '../../ui/States.tsx';
import { useCalendarWords } from '../../words/calendar.ts';
import { useMayChange } from './CalendarPage.tsx';
import { Example } from './Example.tsx';
import { isNoYear, NoSuchYear } from './NoSuchYear.tsx';
import { Mistakes, Result } from './Outcome.tsx';
import { withCommas, yearsIn } from './sheet.ts';
import { YearTicks } from './YearTicks.tsx';
import '../../styles/calendar.css';

/** More years than a sheet that is meant can name. */
const MOST_YEARS = 12;

/** Where holidays and make-up workdays are brought in. */
export function ImportPage() {
  const words = useCalendarWords();
  const { year } = useSearch({ from: '/shell/calendar/import' });
  const query = useQuery(calendarQuery(year));
  const mayChange = useMayChange();
  return (
    <div className="page narrow">
      <p className="small">
        <Link to="/calendar" search={query.data && year !== undefined ? { year } : {}}>
          <LeftOutlined /> {words.importing.back}
        </Link>
      </p>
      <div className="page-head">
        <h1>{words.importing.title}</h1>
      </div>
      {isNoYear(query.error) ? (
        <NoSuchYear error={query.error} to="/calendar/import" />
      ) : mayChange ? (
        <Await query={query}>{(calendar) => <Import calendar={calendar} />}</Await>
      ) : (
        <Empty title={words.importing.forbidden} hint={words.importing.forbiddenHint} />
      )}
    </div>
  );
}

function Import({ calendar }: { calendar: Calendar }) {
  const words = useCalendarWords().importing;
  const client = useQueryClient();
  const [text, setText] = useState('');
  const [ticked, setTicked] = useState<number[]>([]);
  const [tried, setTried] = useState(false);
  const write = useWrite((sheet: CalendarSheet, intent) => importCalendar(sheet, intent), { success: () => daysChanged(client) });
  const years = yearsIn(text).filter((year) => year >= YEARS.first && year <= YEARS.last).slice(0, MOST_YEARS);
  const known = useQueries({ queries: years.map((year) => calendarQuery(year)) });
  const change = (next: string) => {
    setText(withCommas(next));
    write.reset();
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (text.trim() !== '') write.once({ days: text, complete: ticked.filter((year) => years.includes(year)) });
  };
  const again = () => {
    setText('');
    setTicked([]);
    setTried(false);
    write.reset();
  };
  if (write.data && write.variables) return <Result imported={write.data} sent={write.variables} again={again} />;
  return (
    <form className="card stack" onSubmit={send} noValidate>
      <div>
        <p>{words.how}</p>
        <p className="soft small">{words.replaces}</p>
      </div>
      <Example calendar={calendar} {...(text.trim() === '' ? { use: change } : {})} />
      <CsvField
        label={words.days}
        hint={words.daysHint}
        value={text}
        change={change}
        required
        error={tried && text.trim() === '' ? words.missing : undefined}
      />
      <YearTicks years={years.map((year, index) => ({ year, calendar: known[index]?.data }))} ticked={ticked} change={setTicked} />
      <Mistakes error={write.error} text={write.variables?.days ?? ''} />
      <div>
        <Button type="primary" htmlType="submit" loading={write.isPending}>
          {words.run}
        </Button>
      </div>
    </form>
  );
}
