import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { tasksQuery } from '../../api/queries.ts';
import type { InboxSearch } from '../../app/router.tsx';
import { More } from '../../ui/More.tsx';
import { isTyping, useKeys } from '../../ui/use-keys.ts';
import { usePhone } from '../../ui/use-phone.ts';
import { Await, Empty, Loading } from '../../ui/States.tsx';
import { useWords } from '../../words/index.ts';
import { after, find, named, nameOf, step } from './choice.ts';
import { InboxFilters } from './InboxFilters.tsx';
import { TaskCard } from './TaskCard.tsx';
import '../../styles/inbox.css';

const RequestView = lazy(async () => ({ default: (await import('../request/RequestView.tsx')).RequestView }));

/** The work that waits for a person: a list, and on a desk the chosen item beside it. */
export function InboxPage() {
  const words = useWords();
  const phone = usePhone();
  const search = useSearch({ from: '/shell/inbox' });
  const navigate = useNavigate();
  const state = search.state ?? 'open';
  const query = useInfiniteQuery(tasksQuery({ state, overdue: search.overdue, flow: search.flow }));
  // What I have decided is gone at once; the list hears of it a moment later.
  const [decided, setDecided] = useState<string[]>([]);
  const items = (query.data?.pages.flatMap((page) => page.items) ?? []).filter(
    (task) => state === 'done' || !decided.includes(nameOf(task)),
  );
  const chosen = phone ? undefined : find(items, search.open);

  const change = (next: InboxSearch) => void navigate({ to: '/inbox', search: next, replace: true });
  const open = (name: string | undefined) =>
    change({ ...search, ...(name ? { open: name } : { open: undefined }) } as InboxSearch);

  const kept = useKeepChoice(phone ? undefined : items[0] && nameOf(items[0]), search.open, chosen !== undefined, open);
  const shown = chosen ?? (kept ? named(search.open) : undefined);
  useKeys({
    j: () => open(step(items, chosen, 1)),
    k: () => open(step(items, chosen, -1)),
    Enter: (event) => {
      const free = document.activeElement === document.body || document.activeElement?.matches('.task-card.chosen');
      if (!isTyping(event) && chosen && free) {
        void navigate({ to: '/requests/$id', params: { id: chosen.instance }, search: { task: chosen.task } });
      }
    },
  });

  const list = (
    <section className="inbox-list" aria-label={words.inbox.list}>
      <InboxFilters search={search} change={change} tasks={items} counts={query.data?.pages[0]?.counts} />
      <Await query={query} rows={6}>
        {() =>
          items.length === 0 ? (
            <NothingLeft search={search} />
          ) : (
            <ul className="task-list">
              {items.map((task) => (
                <TaskCard
                  key={nameOf(task)}
                  task={task}
                  chosen={chosen === task}
                  {...(phone ? {} : { choose: () => open(nameOf(task)) })}
                />
              ))}
            </ul>
          )
        }
      </Await>
      <More query={query} />
    </section>
  );

  if (phone) return <div className="page inbox">{list}</div>;
  return (
    <div className="inbox desk">
      {list}
      <section className="inbox-detail" aria-label={words.inbox.detail}>
        {shown ? (
          <Suspense fallback={<Loading rows={8} />}>
            <RequestView
              key={nameOf(shown)}
              id={shown.instance}
              task={shown.task}
              onActed={() => {
                setDecided([...decided, nameOf(shown)]);
                open(chosen && after(items, chosen));
              }}
            />
          </Suspense>
        ) : items.length > 0 ? (
          <Empty title={words.inbox.choose} hint={words.inbox.keys} />
        ) : null}
      </section>
    </div>
  );
}

/**
 * On a desk something is always chosen: the first item, unless the address names another.
 *
 * What goes from the list while it is on screen, because somebody else was quicker, stays there until the reader turns to
 * another; gives whether that is so.
 */
function useKeepChoice(
  first: string | undefined,
  wanted: string | undefined,
  present: boolean,
  open: (name: string | undefined) => void,
): boolean {
  const [seen, setSeen] = useState<string>();
  if (present && seen !== wanted) setSeen(wanted);
  const kept = !present && wanted !== undefined && wanted === seen;
  useEffect(() => {
    if (first && !present && !kept && wanted !== first) open(first);
    // Only a change of the list or of the choice matters, not the function that makes it.
    // eslint-disable-next-line react/exhaustive-deps
  }, [first, wanted, present, kept]);
  return kept;
}

function NothingLeft({ search }: { search: InboxSearch }) {
  const words = useWords();
  if (search.overdue || search.flow) return <Empty title={words.inbox.emptyFiltered} />;
  if (search.state === 'done') return <Empty title={words.inbox.emptyDone} />;
  return <Empty title={words.inbox.empty} hint={words.inbox.emptyHint} done />;
}
