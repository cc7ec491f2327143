import { Link } from '@tanstack/react-router';
import { useWords } from '../words/index.ts';

/** Says that a deadline has no date since nobody has entered a year, and leads to that year. */
export function NoCalendar({ year, pill = false }: { year: number; pill?: boolean }) {
  const words = useWords();
  return (
    <Link to="/calendar" search={{ year }} className={pill ? 'pill warning no-calendar' : 'no-calendar'}>
      {words.time.noCalendar(year)}
    </Link>
  );
}
