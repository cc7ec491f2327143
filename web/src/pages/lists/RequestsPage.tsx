import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Segmented } from 'antd';
import { instancesQuery } from '../../api/queries.ts';
import type { InstanceSummary } from '../../api/types.ts';
import type { RequestsSearch } from '../../app/router.tsx';
import { FigureText } from '../../ui/FigureText.tsx';
import { More } from '../../ui/More.tsx';
import { StatusPill } from '../../ui/StatusPill.tsx';
import { Await, Empty } from '../../ui/States.tsx';
import { usePhone } from '../../ui/use-phone.ts';
import { useText, useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';
import { RequestFilters } from './RequestFilters.tsx';
import '../../styles/lists.css';

/** Requests of one view: mine, handled by me, open to me. What is filtered stands in the address. */
export function RequestsPage() {
  const words = useWords();
  const phone = usePhone();
  const search = useSearch({ from: '/shell/requests' });
  const navigate = useNavigate();
  const view = search.view ?? 'mine';
  const query = useInfiniteQuery(instancesQuery({ view, status: search.status, flow: search.flow, q: search.q }));
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const change = (next: RequestsSearch) => void navigate({ to: '/requests', search: next, replace: true });
  const viewOf = (name: string): RequestsSearch => (name === 'handled' || name === 'readable' ? { view: name } : {});
  return (
    <div className="page wide">
      <div className="page-head">
        <h1>{phone ? words.nav.requests : words.lists[view]}</h1>
      </div>
      {phone ? (
        <Segmented
          block
          className="view-choice"
          value={view}
          options={(['mine', 'handled', 'readable'] as const).map((name) => ({
            value: name,
            label: words.lists.tabs[name],
          }))}
          onChange={(name) => change(viewOf(name))}
        />
      ) : null}
      <RequestFilters key={view} search={search} change={change} items={items} />
      <Await query={query} rows={8}>
        {() =>
          items.length === 0 ? <Nothing search={search} /> : phone ? <Cards items={items} /> : <Rows items={items} mine={view === 'mine'} />
        }
      </Await>
      <More query={query} />
    </div>
  );
}

function Nothing({ search }: { search: RequestsSearch }) {
  const words = useWords();
  const navigate = useNavigate();
  if (search.status || search.flow || search.q) {
    return (
      <Empty title={words.lists.emptyFiltered}>
        <Button onClick={() => void navigate({ to: '/requests', search: search.view ? { view: search.view } : {} })}>
          {words.lists.clearFilters}
        </Button>
      </Empty>
    );
  }
  return (
    <Empty title={words.lists.empty}>
      {search.view ? null : (
        <Button type="primary" onClick={() => void navigate({ to: '/start' })}>
          {words.lists.startOne}
        </Button>
      )}
    </Empty>
  );
}

/** Who started them is worth a column only where it may be others. */
function Rows({ items, mine }: { items: InstanceSummary[]; mine: boolean }) {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  const { columns } = words.lists;
  return (
    <div className="card table-card">
      <table className="list-table">
        <thead>
          <tr>
            <th scope="col">{columns.request}</th>
            {mine ? null : (
              <th scope="col" className="short">
                {columns.initiator}
              </th>
            )}
            <th scope="col" className="short">
              {columns.started}
            </th>
            <th scope="col">{columns.state}</th>
            <th scope="col">{columns.waiting}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.id}>
              <td>
                <Link to="/requests/$id" params={{ id: item.id }} search={{}} className="list-main">
                  <strong>{text(item.title)}</strong>
                  <Telling item={item} />
                  <span className="soft small number">
                    {item.number}
                    {item.period ? ` · ${formats.period(item.period)}` : ''}
                  </span>
                </Link>
              </td>
              {mine ? null : <td className="short">{item.initiator.name}</td>}
              <td className="short number">{formats.time(item.started_at)}</td>
              <td className="state">
                <StatusPill status={item.status} text={text(item.status_text)} />
              </td>
              <td>
                <WaitingFor item={item} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cards({ items }: { items: InstanceSummary[] }) {
  const text = useText();
  const formats = useFormats();
  return (
    <ul className="task-list">
      {items.map((item) => (
        <li key={item.id}>
          <Link to="/requests/$id" params={{ id: item.id }} search={{}} className="task-card">
            <div className="task-line">
              <strong>
                {item.initiator.name}
                <span className="dot">·</span>
                {text(item.title)}
              </strong>
              <StatusPill status={item.status} text={text(item.status_text)} />
            </div>
            <Telling item={item} />
            <WaitingFor item={item} />
            <div className="task-foot">
              <span className="number">
                {item.number}
                {item.period ? ` · ${formats.period(item.period)}` : ''}
              </span>
              <time dateTime={item.started_at}>{formats.ago(item.started_at)}</time>
            </div>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** What tells it from others of its kind. */
function Telling({ item }: { item: InstanceSummary }) {
  return item.highlights.length === 0 ? null : (
    <div className="telling">
      {item.highlights.slice(0, 2).map((highlight) => (
        <span key={highlight.title.zh} className="number">
          <FigureText figure={highlight} />
        </span>
      ))}
    </div>
  );
}

function WaitingFor({ item }: { item: InstanceSummary }) {
  const words = useWords();
  const text = useText();
  return (
    <>
      {item.has_incident ? <span className="pill warning">{words.incident.listed}</span> : null}
      {item.waiting.map((step) => (
        <div key={step.step_title.zh} className="waiting">
          {text(step.step_title)}{' '}
          <span className="soft">{step.people.map((person) => person.name).join(words.common.join)}</span>
        </div>
      ))}
    </>
  );
}
