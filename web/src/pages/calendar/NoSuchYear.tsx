import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { hasCode } from '../../api/problem.ts';
import { Empty, useProblemText } from '../../ui/States.tsx';
import { useCalendarWords } from '../../words/calendar.ts';

/** Tells whether a calendar was refused since its year, as somebody typed it into the address, is none. */
export function isNoYear(error: unknown): boolean {
  return hasCode(error, 'year_invalid', 'bad_request');
}

/** Says which years there are, and leads to this one. */
export function NoSuchYear({ error, to }: { error: unknown; to: '/calendar' | '/calendar/import' }) {
  const words = useCalendarWords();
  const problem = useProblemText();
  const navigate = useNavigate();
  return (
    <div className="card" role="alert">
      <Empty title={words.noYear} hint={problem(error)}>
        <Button onClick={() => void navigate({ to, search: {}, replace: true })}>{words.thisYear}</Button>
      </Empty>
    </div>
  );
}
