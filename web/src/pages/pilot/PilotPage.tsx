import { LeftOutlined } from '@ant-design/icons';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Segmented } from 'antd';
import type { Pilot, PilotCounts, PilotTotal } from '../../api/pilot-types.ts';
import { pilotQuery } from '../../api/pilots.ts';
import { More } from '../../ui/More.tsx';
import { Await } from '../../ui/States.tsx';
import { SearchField, useTyped } from '../../ui/SearchField.tsx';
import { useText, useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';
import { Payees } from './Payees.tsx';
import { Sides } from './Sides.tsx';
import { SpreadPlot } from './SpreadPlot.tsx';
import { useFigures } from './figures.ts';
import '../../styles/pilot.css';


/** What a pilot came to: totals, how the differences are spread, and whom they concern. */
export function PilotPage() {
  const words = useWords();
  const { id } = useParams({ from: '/shell/admin/pilots/$id' });
  const { q, amount } = useSearch({ from: '/shell/admin/pilots/$id' });
  const navigate = useNavigate();
  const [typed, setTyped] = useTyped(q, (text) => {
    const search = { ...(amount ? { amount } : {}), ...(text ? { q: text } : {}) };
    void navigate({ to: '/admin/pilots/$id', params: { id }, search, replace: true });
  });
  const query = useInfiniteQuery(pilotQuery(id, q ?? ''));
  const payees = query.data?.pages.flatMap((page) => page.payees.items) ?? [];
  const choose = (name: string) =>
    void navigate({ to: '/admin/pilots/$id', params: { id }, search: { amount: name, ...(q ? { q } : {}) }, replace: true });
  return (
    <div className="page">
      <p className="small">
        <Link to="/admin/pilots">
          <LeftOutlined /> {words.pilot.toList}
        </Link>
      </p>
      <Await query={{ ...query, data: query.data?.pages[0] }}>
        {(pilot) => {
          const total = pilot.totals.find((one) => one.name === amount) ?? pilot.totals[0];
          return (
            <div className="stack">
              <Head pilot={pilot} />
              <Totals totals={pilot.totals} masked={pilot.masked} />
              <Counts counts={pilot.counts} />
              {total ? (
                <section className="card stack" aria-labelledby="payees">
                  <div className="card-head">
                    <h2 id="payees">{words.pilot.payees}</h2>
                    {pilot.totals.length > 1 ? <AmountChoice totals={pilot.totals} chosen={total.name} choose={choose} /> : null}
                  </div>
                  {pilot.masked ? null : <SpreadPlot total={total} />}
                  <SearchField className="payee-search" label={words.pilot.searchPayee} value={typed} change={setTyped} />
                  <Payees pilot={id} payees={payees} total={total} />
                  <More query={query} />
                </section>
              ) : null}
            </div>
          );
        }}
      </Await>
    </div>
  );
}

function Head({ pilot }: { pilot: Pilot }) {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  return (
    <div className="page-head pilot-title">
      <h1>{text(pilot.title)}</h1>
      <p>
        <Sides pilot={pilot} />
      </p>
      <p className="soft small">
        {words.pilot.counts(pilot.counts.evaluations, pilot.counts.payees)} · {words.pilot.asOf} {formats.date(pilot.as_of)} ·{' '}
        {words.pilot.by(pilot.created_by.name, formats.time(pilot.created_at))}
      </p>
    </div>
  );
}

function Totals({ totals, masked }: { totals: PilotTotal[]; masked: boolean }) {
  const words = useWords();
  const text = useText();
  const figures = useFigures();
  return (
    <section className="card" aria-label={words.pilot.total}>
      {masked ? <p className="notice warning">{words.pilot.masked}</p> : null}
      <ul className="totals">
        {totals.map((total) => (
          <li key={total.name}>
            <h2>{text(total.title)}</h2>
            <p className={`big number ${figures.mood(total)}`}>{figures.change(total)}</p>
            <p className="soft small number">
              {words.pilot.current} {figures.amount(total.current, total.money)} → {words.pilot.candidateSide}{' '}
              {figures.amount(total.candidate, total.money)}
            </p>
            <p className="soft small">
              {[words.pilot.moreN(total.more), words.pilot.lessN(total.less), words.pilot.sameN(total.same)].join(words.common.join)}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What nobody should overlook before they believe the totals. */
function Counts({ counts }: { counts: PilotCounts }) {
  const words = useWords();
  const both = (of: { current: number; candidate: number }, say: (current: number, candidate: number) => string) =>
    of.current + of.candidate > 0 ? say(of.current, of.candidate) : null;
  const lines = [
    counts.left_out > 0 ? words.pilot.leftOut(counts.left_out) : null,
    both(counts.refused, words.pilot.refused),
    both(counts.incomplete, words.pilot.incomplete),
    both(counts.faults, words.pilot.faults),
    both(counts.assumed, words.pilot.assumed),
  ].filter((line) => line !== null);
  if (lines.length === 0) return null;
  return (
    <ul className="notice warning plain-list">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

function AmountChoice({ totals, chosen, choose }: { totals: PilotTotal[]; chosen: string; choose: (name: string) => void }) {
  const words = useWords();
  const text = useText();
  return (
    <Segmented
      aria-label={words.pilot.amount}
      value={chosen}
      onChange={choose}
      options={totals.map((total) => ({ value: total.name, label: text(total.title) }))}
    />
  );
}
