import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { Suspense, useEffect, useRef, useState, type RefObject } from 'react';
import { ABOUT_RECORD, hasCode } from '../../api/problem.ts';
import { startQuery } from '../../api/queries.ts';
import type { FlowStart } from '../../api/types.ts';
import { Await, Loading } from '../../ui/States.tsx';
import { RecordChoice, RecordRefused } from './record-parts.ts';
import { StartForm } from './StartForm.tsx';

/** A new request: where it can be about a record the choice of one, then its form. */
export function StartPage() {
  const { flow } = useParams({ from: '/shell/start/$flow' });
  const { about: fact, id, plain = false } = useSearch({ from: '/shell/start/$flow' });
  const about = fact !== undefined && id !== undefined ? { fact, id } : undefined;
  const [attempt, setAttempt] = useState(0);
  const query = useQuery(startQuery(flow, about ?? (plain ? 'plain' : 'choice')));
  const place = JSON.stringify([flow, fact, id, plain]);
  const beginning = useBeginning(place);
  const again = () => {
    void query.refetch().then(() => setAttempt(attempt + 1));
  };
  const refused = hasCode(query.error, ...ABOUT_RECORD);
  return (
    <div className="page wide request-page" ref={beginning} tabIndex={-1}>
      <Suspense fallback={<Loading rows={8} />}>
        {refused ? (
          <RecordRefused flow={flow} error={query.error} />
        ) : (
          <Await query={query} rows={8}>
            {(start) =>
              !about && asksForRecord(start, plain) ? (
                <RecordChoice start={start} choice={start.about} />
              ) : (
                <StartForm key={`${place} ${attempt}`} start={start} about={about} again={again} />
              )
            }
          </Await>
        )}
      </Suspense>
    </div>
  );
}

/** Whether a record is chosen first: where one is required, or can be and nobody said that it shall be about none. */
function asksForRecord(start: FlowStart, plain: boolean): start is FlowStart & Required<Pick<FlowStart, 'about'>> {
  return start.about !== undefined && (start.about.required || (start.about.records.length > 0 && !plain));
}

/** Takes whoever goes on by keyboard to the beginning of what came in the place of the page before. */
function useBeginning(place: string): RefObject<HTMLDivElement | null> {
  const beginning = useRef<HTMLDivElement>(null);
  const before = useRef(place);
  useEffect(() => {
    if (before.current !== place) beginning.current?.focus({ preventScroll: true });
    before.current = place;
  }, [place]);
  return beginning;
}
