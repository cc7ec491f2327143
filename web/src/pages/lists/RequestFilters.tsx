import { SearchOutlined } from '@ant-design/icons';
import { Input, Select } from 'antd';
import { useEffect, useState } from 'react';
import type { InstanceStatus, InstanceSummary } from '../../api/types.ts';
import type { RequestsSearch } from '../../app/router.tsx';
import { useText, useWords } from '../../words/index.ts';

const PAUSE_MS = 350;
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
  const [typed, setTyped] = useState(search.q ?? '');
  useEffect(() => {
    const q = typed.trim();
    if (q === (search.q ?? '')) return;
    const timer = setTimeout(() => change(without(search, 'q', q)), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, search, change]);
  const flows = new Map(items.map((item) => [item.flow, text(item.title)]));
  if (search.flow && !flows.has(search.flow)) flows.set(search.flow, search.flow);
  return (
    <div className="filters">
      <Input
        allowClear
        prefix={<SearchOutlined />}
        placeholder={words.lists.search}
        aria-label={words.lists.search}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
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
