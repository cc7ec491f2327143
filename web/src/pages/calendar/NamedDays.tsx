import type { CalendarDay } from '../../api/calendar-types.ts';
import { useCalendarWords } from '../../words/calendar.ts';
import { useText } from '../../words/index.ts';
import { useDates } from './dates.ts';
import { runsOf } from './months.ts';

/** The days that have a name, holiday by holiday. */
export function NamedDays({ days }: { days: CalendarDay[] }) {
  const words = useCalendarWords();
  const text = useText();
  const dates = useDates();
  const free = days.filter((day) => day.day === 'holiday').length;
  return (
    <section className="card">
      <div className="card-head">
        <h2>{words.named}</h2>
      </div>
      {days.length === 0 ? (
        <p className="soft">{words.nothing}</p>
      ) : (
        <>
          <p className="soft small">{words.sum(free, days.length - free)}</p>
          <ul className="named-days">
            {runsOf(days).map((run) => (
              <li key={run.first.date} className={run.first.own ? `${run.first.day} own` : run.first.day}>
                <span className="day-badge" aria-hidden="true">
                  {words.badge[run.first.day]}
                </span>
                <div>
                  <strong>{text(run.first.name)}</strong>
                  <span className="visually-hidden"> {words.kind[run.first.day]}</span>
                  {run.first.own ? <span className="pill">{words.own}</span> : null}
                  <div className="soft small">
                    <time dateTime={run.first.date}>{dates.run(run)}</time>
                    {run.days > 1 ? ` · ${words.days(run.days)}` : null}
                  </div>
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
