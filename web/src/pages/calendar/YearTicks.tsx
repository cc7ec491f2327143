import { useId } from 'react';
import type { Calendar } from '../../api/calendar-types.ts';
import { useCalendarWords } from '../../words/calendar.ts';

interface Props {
  /** The years of the sheet; without a calendar where it is not known yet. */
  years: { year: number; calendar: Calendar | undefined }[];
  ticked: number[];
  change: (ticked: number[]) => void;
}

/** Whether the sheet holds all of a year that nobody has called complete: only then its deadlines get their dates. */
export function YearTicks({ years, ticked, change }: Props) {
  const words = useCalendarWords().importing;
  if (years.length === 0) return null;
  return (
    <fieldset className="group year-ticks">
      <legend>{words.years}</legend>
      <ul>
        {years.map(({ year, calendar }) => (
          <li key={year}>
            {calendar?.complete ? (
              words.known(year)
            ) : (
              <Tick
                year={year}
                checked={ticked.includes(year)}
                change={(on) => change(on ? [...ticked, year] : ticked.filter((other) => other !== year))}
              />
            )}
            <Replaced year={year} calendar={calendar} />
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

function Tick({ year, checked, change }: { year: number; checked: boolean; change: (on: boolean) => void }) {
  const words = useCalendarWords().importing;
  const hint = useId();
  return (
    <>
      <label>
        <input type="checkbox" checked={checked} onChange={(event) => change(event.target.checked)} aria-describedby={checked ? undefined : hint} />
        {words.all(year)}
      </label>
      {checked ? null : (
        <p id={hint} className="hint small">
          {words.notAll(year)}
        </p>
      )}
    </>
  );
}

/** An import takes the place of what was entered before. */
function Replaced({ year, calendar }: { year: number; calendar: Calendar | undefined }) {
  const words = useCalendarWords().importing;
  const own = calendar?.days.filter((day) => day.own).length ?? 0;
  return own > 0 ? <p className="hint small">{words.replaced(year, own)}</p> : null;
}
