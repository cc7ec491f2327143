import { Link } from '@tanstack/react-router';
import type { PilotPayee, PilotTotal } from '../../api/pilot-types.ts';
import { Empty } from '../../ui/States.tsx';
import { usePhone } from '../../ui/use-phone.ts';
import { useText, useWords } from '../../words/index.ts';
import { useFigures } from './figures.ts';

interface Props {
  pilot: string;
  payees: PilotPayee[];
  total: PilotTotal;
}

/** Whom the differences concern; each leads to the two explanations. */
export function Payees(props: Props) {
  const words = useWords();
  const phone = usePhone();
  if (props.payees.length === 0) return <Empty title={words.pilot.noPayees} />;
  return phone ? <Cards {...props} /> : <Rows {...props} />;
}

function Rows({ pilot, payees, total }: Props) {
  const words = useWords();
  const figures = useFigures();
  return (
    <table className="list-table payee-table">
      <thead>
        <tr>
          <th scope="col">{words.pilot.payees}</th>
          <th scope="col">{words.pilot.current}</th>
          <th scope="col">{words.pilot.candidateSide}</th>
          <th scope="col">{words.pilot.difference}</th>
          <th scope="col">
            <span className="visually-hidden">{words.policy.assumed}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {payees.map((payee) => {
          const amount = payee.amounts[total.name];
          return (
            <tr key={payee.payee}>
              <td>
                <Who pilot={pilot} payee={payee} />
              </td>
              {amount ? (
                <>
                  <td className="number">{figures.amount(amount.current, total.money)}</td>
                  <td className="number">{figures.amount(amount.candidate, total.money)}</td>
                  <td className={`number ${figures.mood(amount)}`}>{figures.change({ ...amount, money: total.money })}</td>
                </>
              ) : (
                <td colSpan={3} className="soft">
                  {words.pilot.noResult}
                </td>
              )}
              <td>
                <Marks payee={payee} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Cards({ pilot, payees, total }: Props) {
  const words = useWords();
  const figures = useFigures();
  return (
    <ul className="payee-cards">
      {payees.map((payee) => {
        const amount = payee.amounts[total.name];
        return (
          <li key={payee.payee}>
            <div className="task-line">
              <Who pilot={pilot} payee={payee} />
              {amount ? (
                <span className={`number ${figures.mood(amount)}`}>{figures.change({ ...amount, money: total.money })}</span>
              ) : (
                <span className="soft">{words.pilot.noResult}</span>
              )}
            </div>
            {amount ? (
              <div className="soft small number">
                {figures.amount(amount.current, total.money)} → {figures.amount(amount.candidate, total.money)}
              </div>
            ) : null}
            <Marks payee={payee} />
          </li>
        );
      })}
    </ul>
  );
}

function Who({ pilot, payee }: { pilot: string; payee: PilotPayee }) {
  return (
    <Link to="/admin/pilots/$id/payees/$payee" params={{ id: pilot, payee: payee.payee }} className="list-main">
      <strong>{payee.name ?? payee.payee}</strong>
      {payee.name ? <span className="soft small">{payee.payee}</span> : null}
    </Link>
  );
}

/** What one should know about the figures of a payee. */
function Marks({ payee }: { payee: PilotPayee }) {
  const words = useWords();
  const text = useText();
  return (
    <>
      {payee.assumed ? <span className="pill warning">{words.policy.assumed}</span> : null}
      {payee.notes.slice(0, 3).map((note) => (
        <div key={`${note.row} ${String(note.candidate)}`} className="soft small">
          {note.candidate ? words.pilot.candidateSide : words.pilot.current} {words.pilot.outcome[note.outcome]}
          {note.why ? `${words.common.colon}${text(note.why)}` : ''}
        </div>
      ))}
    </>
  );
}
