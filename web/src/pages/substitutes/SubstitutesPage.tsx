import { PlusOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { personQuery } from '../../api/queries.ts';
import { endSubstitute, substitutesQuery, type Substitute, type Substitutes, type Whose } from '../../api/substitutes.ts';
import { keys } from '../../api/keys.ts';
import { useWrite } from '../../api/use-write.ts';
import { Avatar } from '../../ui/People.tsx';
import { Refused } from '../../ui/Refused.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { Await } from '../../ui/States.tsx';
import { toast } from '../../ui/toast.tsx';
import { useText, useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';
import { NameSheet } from './NameSheet.tsx';
import '../../styles/lists.css';

/** Who acts for the reader, and for whom they act. */
export function MySubstitutesPage() {
  return <SubstitutesOf of={null} name={null} />;
}

/** The same of somebody else, for who looks after people. */
export function PersonSubstitutesPage() {
  const { id } = useParams({ from: '/shell/admin/people/$id/substitutes' });
  const person = useQuery(personQuery(id));
  return <SubstitutesOf of={id} name={person.data?.name ?? id} />;
}

function SubstitutesOf({ of, name }: { of: Whose; name: string | null }) {
  const words = useWords().substitutes;
  const query = useQuery(substitutesQuery(of));
  const [naming, setNaming] = useState(false);
  return (
    <div className="page narrow stack">
      <div className="page-head">
        <h1>{name === null ? words.title : words.titleOf(name)}</h1>
        <Button type="primary" icon={<PlusOutlined />} onClick={() => setNaming(true)}>
          {words.name}
        </Button>
      </div>
      <p className="soft">{words.hint}</p>
      <Await query={query}>
        {(found: Substitutes) => (
          <>
            <List title={words.current} empty={words.none} rows={found.mine} of={of} canEnd />
            {found.for_others.length > 0 ? (
              <List title={words.forOthers} empty="" rows={found.for_others} of={of} canEnd={false} />
            ) : null}
            {naming ? <NameSheet of={of} flows={found.flows} close={() => setNaming(false)} /> : null}
          </>
        )}
      </Await>
    </div>
  );
}

interface ListProps {
  title: string;
  empty: string;
  rows: Substitute[];
  of: Whose;
  canEnd: boolean;
}

function List({ title, empty, rows, of, canEnd }: ListProps) {
  const words = useWords().substitutes;
  const [ending, setEnding] = useState<Substitute | null>(null);
  return (
    <section className="stack">
      <h2>{title}</h2>
      {rows.length === 0 ? <p className="soft">{empty}</p> : null}
      <ul className="task-list">
        {rows.map((one) => (
          <li key={[one.person.id, one.from, ...one.flows.map(({ flow }) => flow)].join(' ')} className="card person-card">
            <Row one={one} />
            {canEnd ? (
              <Button onClick={() => setEnding(one)} aria-label={words.endOf(one.person.name)}>
                {words.end}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {ending ? <EndSheet of={of} one={ending} close={() => setEnding(null)} /> : null}
    </section>
  );
}

function Row({ one }: { one: Substitute }) {
  const words = useWords().substitutes;
  const text = useText();
  const formats = useFormats();
  const from = one.from ? formats.date(one.from) : words.atOnce;
  const until = one.until ? formats.date(one.until) : words.open;
  const flows = one.flows.length === 0 ? words.allFlows : one.flows.map(({ title }) => text(title)).join('、');
  return (
    <>
      <Avatar name={one.person.name} />
      <div className={one.active ? 'grow' : 'grow inactive'}>
        <strong>{one.person.name}</strong>{' '}
        <span className={one.active ? 'pill good' : 'pill'}>{one.active ? words.active : words.notActive}</span>
        <div className="soft small">{words.days(from, until)}</div>
        <div className="soft small">{flows}</div>
      </div>
    </>
  );
}

function EndSheet({ of, one, close }: { of: Whose; one: Substitute; close: () => void }) {
  const words = useWords().substitutes;
  const client = useQueryClient();
  const write = useWrite((_: null, intent) => endSubstitute(of, one, intent), {
    success: (now) => {
      client.setQueryData(keys.substitutes(of), now);
      toast.good(words.ended);
      close();
    },
  });
  return (
    <Sheet
      title={words.endAsk(one.person.name)}
      open
      close={close}
      confirm={{ label: words.end, run: () => write.once(null), busy: write.isPending, danger: true }}
    >
      <p className="sheet-hint">{words.endHint}</p>
      <Refused error={write.error} />
    </Sheet>
  );
}
