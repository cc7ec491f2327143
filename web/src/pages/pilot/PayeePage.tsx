import { LeftOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { PilotExplained } from '../../api/pilot-types.ts';
import { pilotPayeeQuery } from '../../api/pilots.ts';
import type { Explanation } from '../../api/types.ts';
import { FigureText } from '../../ui/FigureText.tsx';
import { Await } from '../../ui/States.tsx';
import { useText, useWords } from '../../words/index.ts';
import { ExplanationTree } from '../request/ExplanationView.tsx';
import { useFigures } from './figures.ts';
import '../../styles/explanation.css';
import '../../styles/pilot.css';

/** One payee: how both releases come to what they give, side by side. */
export function PayeePage() {
  const words = useWords();
  const { id, payee } = useParams({ from: '/shell/admin/pilots/$id/payees/$payee' });
  const query = useQuery(pilotPayeeQuery(id, payee));
  return (
    <div className="page">
      <p className="small">
        <Link to="/admin/pilots/$id" params={{ id }} search={{}}>
          <LeftOutlined /> {words.pilot.toPilot}
        </Link>
      </p>
      <Await query={query} rows={8}>
        {(explained) => <Explained explained={explained} />}
      </Await>
    </div>
  );
}

function Explained({ explained }: { explained: PilotExplained }) {
  const words = useWords();
  const text = useText();
  const figures = useFigures();
  return (
    <div className="stack">
      <div className="page-head">
        <h1>{words.pilot.explain(explained.name ?? explained.payee)}</h1>
      </div>
      <section className="card">
        <ul className="totals">
          {explained.totals.map((total) => {
            const amount = explained.amounts[total.name];
            return (
              <li key={total.name}>
                <h2>{text(total.title)}</h2>
                {amount ? (
                  <>
                    <p className={`big number ${figures.mood(amount)}`}>{figures.change({ ...amount, money: total.money })}</p>
                    <p className="soft small number">
                      {figures.amount(amount.current, total.money)} → {figures.amount(amount.candidate, total.money)}
                    </p>
                  </>
                ) : (
                  <p className="soft">{words.pilot.noResult}</p>
                )}
              </li>
            );
          })}
        </ul>
        {explained.notes.map((note) => (
          <p key={`${note.row} ${String(note.candidate)}`} className="soft small">
            {words.pilot.row(note.row)} {note.candidate ? words.pilot.candidateSide : words.pilot.current}{' '}
            {words.pilot.outcome[note.outcome]}
            {note.why ? `${words.common.colon}${text(note.why)}` : ''}
          </p>
        ))}
      </section>
      {explained.explained.map((row) => (
        <section key={row.row} className="pilot-row" aria-label={words.pilot.row(row.row)}>
          <h2>{words.pilot.row(row.row)}</h2>
          <div className="pair">
            <SideCard title={words.pilot.current} explanation={row.current} />
            <SideCard title={words.pilot.candidateSide} explanation={row.candidate} />
          </div>
        </section>
      ))}
      {explained.more_rows > 0 ? <p className="soft small">{words.pilot.moreRows(explained.more_rows)}</p> : null}
    </div>
  );
}

function SideCard({ title, explanation }: { title: string; explanation: Explanation }) {
  const words = useWords();
  const text = useText();
  return (
    <section className="card" aria-label={title}>
      <div className="card-head">
        <h3>{title}</h3>
        <span className={explanation.state === 'accepted' ? 'pill good' : 'pill bad'}>{words.policy.state[explanation.state]}</span>
      </div>
      <dl className="outputs">
        {explanation.output.map((output) => (
          <div key={output.name}>
            <dt>{text(output.title)}</dt>
            <dd>
              <span className="figure number">
                <FigureText figure={output} />
              </span>
            </dd>
          </div>
        ))}
      </dl>
      <ExplanationTree explanation={explanation} />
    </section>
  );
}
