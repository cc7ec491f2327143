import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useEffect, useRef } from 'react';
import type { CalendarImported, CalendarSheet } from '../../api/calendar-types.ts';
import { Problem } from '../../api/problem.ts';
import { Refused } from '../../ui/Refused.tsx';
import { useCalendarWords } from '../../words/calendar.ts';
import { useText } from '../../words/index.ts';
import { lineOf, placeOf, type Place } from './sheet.ts';

/** As much of a line as is shown beside what is wrong with it. */
const SHOWN = 80;

interface Finding {
  place: string;
  code: string;
  message: string;
}

/** What is wrong with the sheet, place by place; any other refusal in one sentence. */
export function Mistakes({ error, text }: { error: unknown; text: string }) {
  const words = useCalendarWords().importing;
  if (!(error instanceof Problem) || error.errors.length === 0) return <Refused error={error} />;
  const found = error.errors.map(({ pointer, keyword, message }) => ({ place: pointer, code: keyword, message }));
  return (
    <div className="notice bad" role="alert">
      <div>
        <strong>{words.mend}</strong>
        <Findings found={found} text={text} />
      </div>
    </div>
  );
}

/** What an import did to each year. */
export function Result({ imported, sent, again }: { imported: CalendarImported; sent: CalendarSheet; again: () => void }) {
  const calendarWords = useCalendarWords();
  const words = calendarWords.importing;
  const pick = useText();
  const navigate = useNavigate();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const { years, warnings } = imported;
  // A year that was called complete gives deadlines their dates, even where none of its days is another.
  const changed = sent.complete.length > 0 || years.some((year) => year.changed > 0);
  const first = years[0]?.year;
  return (
    <section className="card stack imported">
      <h2 ref={title} tabIndex={-1}>
        {words.done}
      </h2>
      <ul className="imported-years">
        {years.map((one) => (
          <li key={one.year}>
            <strong>{calendarWords.of(one.year)}</strong>
            <span className={one.complete ? 'pill good' : 'pill warning'}>{one.complete ? calendarWords.complete : words.stillUnknown}</span>
            <div className="soft small">{words.result(one.days, one.changed)}</div>
          </li>
        ))}
      </ul>
      <p>{changed ? words.counting : words.same}</p>
      {warnings.length > 0 ? (
        <div className="notice warning">
          <div>
            <strong>{words.warnings}</strong>
            <Findings found={warnings.map(({ message, ...rest }) => ({ ...rest, message: pick(message) }))} text={sent.days} />
          </div>
        </div>
      ) : null}
      <div className="row">
        {first === undefined ? null : (
          <Button type="primary" onClick={() => void navigate({ to: '/calendar', search: { year: first } })}>
            {words.look(first)}
          </Button>
        )}
        <Button onClick={again}>{words.again}</Button>
      </div>
    </section>
  );
}

function Findings({ found, text }: { found: Finding[]; text: string }) {
  const said = usePlaceText();
  return (
    <ul className="mistakes calendar-findings">
      {found.map(({ place, code, message }) => {
        const at = placeOf(place, code, text);
        const line = at ? lineOf(text, at.line).trim() : '';
        return (
          <li key={`${place} ${code} ${message}`}>
            <b>{said(at)}</b> {message}
            {line === '' ? null : <code>{line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line}</code>}
          </li>
        );
      })}
    </ul>
  );
}

function usePlaceText(): (place: Place) => string {
  const words = useCalendarWords().importing;
  return (place) => {
    if (place === null) return words.whole;
    if ('column' in place) return words.column(place.line, place.column);
    return 'at' in place ? words.letter(place.line, place.at) : words.line(place.line);
  };
}
