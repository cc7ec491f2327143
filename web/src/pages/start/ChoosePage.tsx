import { RightOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { flowsQuery } from '../../api/queries.ts';
import type { FlowSummary } from '../../api/types.ts';
import { Await, Empty } from '../../ui/States.tsx';
import { SearchField } from '../../ui/SearchField.tsx';
import { useText, useWords } from '../../words/index.ts';
import '../../styles/start.css';

const SEARCH_FROM = 7;

/** What a person may start. */
export function ChoosePage() {
  const words = useWords();
  const flows = useQuery(flowsQuery);
  return (
    <div className="page narrow">
      <div className="page-head">
        <h1>{words.start.choose}</h1>
      </div>
      <Await query={flows}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={words.start.empty} hint={words.start.emptyHint} />
          ) : (
            <Flows flows={items} />
          )
        }
      </Await>
    </div>
  );
}

function Flows({ flows }: { flows: FlowSummary[] }) {
  const words = useWords();
  const text = useText();
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLowerCase();
  const found = flows.filter((flow) =>
    `${flow.title.zh} ${flow.title.en ?? ''} ${flow.description?.zh ?? ''}`.toLowerCase().includes(wanted),
  );
  return (
    <div className="stack">
      {flows.length >= SEARCH_FROM ? (
        <SearchField label={words.start.search} value={query} change={setQuery} />
      ) : null}
      {found.length === 0 ? <Empty title={words.start.noMatch} /> : null}
      <ul className="flow-list">
        {found.map((flow) => (
          <li key={flow.flow}>
            <Link to="/start/$flow" params={{ flow: flow.flow }} search={{}} className="flow-card">
              <span className="flow-seal" aria-hidden="true">
                {text(flow.title).charAt(0)}
              </span>
              <span>
                <strong>{text(flow.title)}</strong>
                {flow.description ? <span className="soft">{text(flow.description)}</span> : null}
              </span>
              <RightOutlined />
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
