import { PlusOutlined } from '@ant-design/icons';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import type { PilotSummary } from '../../api/pilot-types.ts';
import { pilotsQuery } from '../../api/pilots.ts';
import { More } from '../../ui/More.tsx';
import { Await, Empty } from '../../ui/States.tsx';
import { useText, useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';
import { Sides } from './Sides.tsx';
import { useFigures } from './figures.ts';
import '../../styles/pilot.css';

/** The pilots of the company, newest first, and the way to a new one. */
export function PilotsPage() {
  const words = useWords();
  const navigate = useNavigate();
  const query = useInfiniteQuery(pilotsQuery);
  const pilots = query.data?.pages.flatMap((page) => page.items) ?? [];
  const begin = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate({ to: '/admin/pilots/new' })}>
      {words.pilot.new}
    </Button>
  );
  return (
    <div className="page narrow">
      <div className="page-head pilot-head">
        <h1>{words.pilot.title}</h1>
        {pilots.length > 0 ? begin : null}
      </div>
      <p className="soft small pilot-hint">{words.pilot.hint}</p>
      <Await query={query}>
        {() =>
          pilots.length === 0 ? (
            <Empty title={words.pilot.empty} hint={words.pilot.emptyHint}>
              {begin}
            </Empty>
          ) : (
            <ol className="task-list">
              {pilots.map((pilot) => (
                <li key={pilot.id}>
                  <PilotCard pilot={pilot} />
                </li>
              ))}
            </ol>
          )
        }
      </Await>
      <More query={query} />
    </div>
  );
}

function PilotCard({ pilot }: { pilot: PilotSummary }) {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  const figures = useFigures();
  const first = pilot.totals[0];
  return (
    <Link to="/admin/pilots/$id" params={{ id: pilot.id }} search={{}} className="task-card">
      <div className="task-line">
        <strong>{text(pilot.title)}</strong>
        {first ? (
          <span className={figures.mood(first)}>
            {text(first.title)} <span className="number">{figures.change(first)}</span>
          </span>
        ) : null}
      </div>
      <Sides pilot={pilot} />
      <div className="task-foot">
        <span>{words.pilot.counts(pilot.counts.evaluations, pilot.counts.payees)}</span>
        <span>{words.pilot.by(pilot.created_by.name, formats.ago(pilot.created_at))}</span>
      </div>
    </Link>
  );
}
