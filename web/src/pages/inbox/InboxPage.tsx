import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense, useEffect } from 'react';
import { tasksQuery } from '../../api/queries.ts';
import type { InboxSearch } from '../../app/router.tsx';
import { isTyping, useKeys } from '../../ui/use-keys.ts';
import { usePhone } from '../../ui/use-phone.ts';
import { Await, Empty, Loading } from '../../ui/States.tsx';
import { useWords } from '../../words/index.ts';
import { after, find, nameOf, step } from './choice.ts';
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
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const chosen = phone ? undefined : find(items, search.open);

  const change = (next: InboxSearch) => void navigate({ to: '/inbox', search: next, replace: true });
  const open = (name: string | undefined) =>
    change({ ...search, ...(name ? { open: name } : { open: undefined }) } as InboxSearch);

  useKeepChoice(phone ? undefined : items[0] && nameOf(items[0]), search.open, chosen !== undefined, open);
  useKeys({
    j: () => open(step(items, chosen, 1)),
    k: () => open(step(items, chosen, -1)),
    Enter: (event) => {
      if (!isTyping(event) && chosen && document.activeElement === document.body) {
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
      {query.hasNextPage ? (
        <Button block type="text" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {words.common.more}
        </Button>
      ) : null}
    </section>
  );

  if (phone) return <div className="page inbox">{list}</div>;
  return (
    <div className="inbox desk">
      {list}
      <section className="inbox-detail" aria-label={words.inbox.detail}>
        {chosen ? (
          <Suspense fallback={<Loading rows={8} />}>
            <RequestView
              key={nameOf(chosen)}
              id={chosen.instance}
              task={chosen.task}
              onActed={() => open(after(items, chosen))}
            />
          </Suspense>
        ) : items.length > 0 ? (
          <Empty title={words.inbox.choose} hint={words.inbox.keys} />
        ) : null}
      </section>
    </div>
  );
}

/** On a desk something is always chosen: the first item, when the chosen one is no longer in the list. */
function useKeepChoice(
  first: string | undefined,
  wanted: string | undefined,
  present: boolean,
  open: (name: string | undefined) => void,
) {
  useEffect(() => {
    if (first && !present && wanted !== first) open(first);
    // Only a change of the list or of the choice matters, not the function that makes it.
    // eslint-disable-next-line react/exhaustive-deps
  }, [first, wanted, present]);
}

function NothingLeft({ search }: { search: InboxSearch }) {
  const words = useWords();
  if (search.overdue || search.flow) return <Empty title={words.inbox.emptyFiltered} />;
  if (search.state === 'done') return <Empty title={words.inbox.emptyDone} />;
  return <Empty title={words.inbox.empty} hint={words.inbox.emptyHint} done />;
}
