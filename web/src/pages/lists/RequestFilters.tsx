import { Select } from 'antd';
import type { InstanceStatus, InstanceSummary } from '../../api/types.ts';
import type { RequestsSearch } from '../../app/router.tsx';
import { SearchField, useTyped } from '../../ui/SearchField.tsx';
import { useText, useWords } from '../../words/index.ts';

const STATUSES: InstanceStatus[] = ['running', 'archived', 'completed', 'rejected', 'withdrawn', 'cancelled'];

interface Props {
  search: RequestsSearch;
  change: (search: RequestsSearch) => void;
  items: InstanceSummary[];
}

/** Text, status and flow. */
export function RequestFilters({ search, change, items }: Props) {
  const words = useWords();
  const text = useText();
  const [typed, setTyped] = useTyped(search.q, (q) => change(without(search, 'q', q)));
  const flows = new Map(items.map((item) => [item.flow, text(item.title)]));
  if (search.flow && !flows.has(search.flow)) flows.set(search.flow, search.flow);
  return (
    <div className="filters">
      <SearchField label={words.lists.search} value={typed} change={setTyped} />
      <Select
        allowClear
        aria-label={words.lists.status}
        placeholder={words.lists.status}
        value={search.status}
        options={STATUSES.map((status) => ({ value: status, label: words.lists.statuses[status] }))}
        onChange={(status: InstanceStatus | undefined) => change(without(search, 'status', status))}
      />
      <Select
        allowClear
        aria-label={words.lists.flow}
        placeholder={words.lists.flow}
        value={search.flow}
        popupMatchSelectWidth={false}
        options={[...flows].map(([value, label]) => ({ value, label }))}
        onChange={(flow: string | undefined) => change(without(search, 'flow', flow))}
      />
    </div>
  );
}

/** The search with one part changed, or left out when it is empty. */
function without(search: RequestsSearch, part: 'q' | 'status' | 'flow', value: string | undefined): RequestsSearch {
  const { [part]: _before, ...rest } = search;
  return value ? ({ ...rest, [part]: value } as RequestsSearch) : rest;
}
