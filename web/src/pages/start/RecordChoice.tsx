import { ArrowLeftOutlined, RightOutlined } from '@ant-design/icons';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import type { AboutRecord, FlowStart } from '../../api/types.ts';
import { Empty } from '../../ui/States.tsx';
import { SearchField } from '../../ui/SearchField.tsx';
import { useAboutWords } from '../../words/about.ts';
import { useText, useWords } from '../../words/index.ts';
import { RecordFacts } from './RecordFacts.tsx';
import '../../styles/request.css';

const SEARCH_FROM = 7;
/** As many as the server offers at most. */
const MOST = 100;

interface Props {
  start: FlowStart;
  choice: NonNullable<FlowStart['about']>;
}

/** Which record a new request is to be about. */
export function RecordChoice({ start, choice: { required, records } }: Props) {
  const words = useAboutWords();
  const common = useWords();
  const text = useText();
  const navigate = useNavigate();
  const plain = () => void navigate({ to: '/start/$flow', params: { flow: start.flow }, search: { plain: true } });
  return (
    <div className="record-choice">
      <Button className="back" type="text" icon={<ArrowLeftOutlined />} onClick={() => void navigate({ to: '/start' })}>
        {common.start.title}
      </Button>
      <div className="page-head">
        <h1>{text(start.title)}</h1>
        {required ? null : <Button onClick={plain}>{words.plain}</Button>}
      </div>
      {records.length === 0 ? (
        <Nothing flow={start.flow} />
      ) : (
        <section className="stack" aria-label={words.choose}>
          <p className="soft">{required ? words.required : words.optional}</p>
          <Records flow={start.flow} records={records} />
        </section>
      )}
    </div>
  );
}

function Records({ flow, records }: { flow: string; records: AboutRecord[] }) {
  const words = useAboutWords();
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLowerCase();
  const found = records.filter((record) => saidOf(record).includes(wanted));
  return (
    <>
      {records.length >= SEARCH_FROM ? (
        <SearchField label={words.search} value={query} change={setQuery} />
      ) : null}
      {found.length === 0 ? <Empty title={words.noMatch} /> : null}
      <ul className="record-list">
        {found.map((record) => (
          <li key={`${record.fact} ${record.id}`}>
            <RecordCard flow={flow} record={record} />
          </li>
        ))}
      </ul>
      {records.length >= MOST ? <p className="soft small">{words.most(records.length)}</p> : null}
    </>
  );
}

function RecordCard({ flow, record }: { flow: string; record: AboutRecord }) {
  const text = useText();
  return (
    <Link to="/start/$flow" params={{ flow }} search={{ about: record.fact, id: record.id }} className="card record-card">
      <div>
        <strong>{text(record.title)}</strong>
        <RecordFacts record={record} />
      </div>
      <RightOutlined />
    </Link>
  );
}

/** Why there is nothing to choose, instead of a form that would be refused. */
function Nothing({ flow }: { flow: string }) {
  const words = useAboutWords();
  const navigate = useNavigate();
  return (
    <div className="card">
      <Empty title={words.none} hint={words.noneWhy}>
        <ul className="record-reasons">
          {words.noneReasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
        <Button onClick={() => void navigate({ to: '/requests', search: { flow } })}>{words.mine}</Button>
      </Empty>
    </div>
  );
}

function saidOf({ title, fields }: AboutRecord): string {
  return [title.zh, title.en, ...fields.map((field) => field.value)].join(' ').toLowerCase();
}
