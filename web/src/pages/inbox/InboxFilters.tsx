import { FilterOutlined } from '@ant-design/icons';
import { Button, Segmented, Select } from 'antd';
import type { TaskPage, TaskSummary } from '../../api/types.ts';
import type { InboxSearch } from '../../app/router.tsx';
import { useText, useWords } from '../../words/index.ts';

interface Props {
  search: InboxSearch;
  change: (search: InboxSearch) => void;
  tasks: TaskSummary[];
  counts: TaskPage['counts'] | undefined;
}

/** What the list shows: open or done, overdue only, one flow only. */
export function InboxFilters({ search, change, tasks, counts }: Props) {
  const words = useWords();
  const text = useText();
  const done = search.state === 'done';
  const flows = new Map(tasks.map((task) => [task.flow, text(task.flow_title)]));
  if (search.flow && !flows.has(search.flow)) flows.set(search.flow, search.flow);
  const { overdue: _overdue, flow: _flow, open: _open, ...rest } = search;
  return (
    <header className="inbox-head">
      <h1>{words.inbox.title}</h1>
      <Segmented
        value={done ? 'done' : 'open'}
        options={[
          { value: 'open', label: counts && counts.open > 0 ? `${words.inbox.open} ${counts.open}` : words.inbox.open },
          { value: 'done', label: words.inbox.done },
        ]}
        onChange={(state) => change(state === 'done' ? { state: 'done' } : {})}
      />
      <div className="inbox-filters">
        {!done && (counts?.overdue ?? 0) + (search.overdue ? 1 : 0) > 0 ? (
          <Button
            size="small"
            aria-pressed={search.overdue === true}
            className={search.overdue ? 'chip on' : 'chip'}
            onClick={() =>
              change({ ...rest, ...keep('flow', search.flow), ...(search.overdue ? {} : { overdue: true }) })
            }
          >
            {words.inbox.overdueCount(counts?.overdue ?? 0)}
          </Button>
        ) : null}
        {flows.size > 1 || search.flow ? (
          <Select
            size="small"
            variant="filled"
            aria-label={words.lists.flow}
            prefix={<FilterOutlined />}
            value={search.flow ?? ''}
            popupMatchSelectWidth={false}
            options={[
              { value: '', label: words.inbox.flow },
              ...[...flows].map(([value, label]) => ({ value, label })),
            ]}
            onChange={(flow) =>
              change({ ...rest, ...(search.overdue ? { overdue: true } : {}), ...keep('flow', flow) })
            }
          />
        ) : null}
      </div>
    </header>
  );
}

function keep(name: 'flow', value: string | undefined): InboxSearch {
  return value ? { [name]: value } : {};
}
