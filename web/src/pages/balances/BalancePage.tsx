import { LeftOutlined } from '@ant-design/icons';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import type { BalanceEntries, BalanceEntry } from '../../api/balance-types.ts';
import { balanceEntriesQuery } from '../../api/balances.ts';
import { More } from '../../ui/More.tsx';
import { Await } from '../../ui/States.tsx';
import { useText, useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';
import { Figures } from './Figures.tsx';
import { moveOf, wasHeld } from './moves.ts';
import '../../styles/balances.css';

/** One balance: how it stands, and every move with the request behind it, the last first. */
export function BalancePage() {
  const words = useWords();
  const { account } = useParams({ from: '/shell/balances/$account' });
  const { key = '' } = useSearch({ from: '/shell/balances/$account' });
  const query = useInfiniteQuery(balanceEntriesQuery(account, key));
  return (
    <div className="page narrow stack">
      <p className="small">
        <Link to="/balances" search={{ account }}>
          <LeftOutlined /> {words.balance.toList}
        </Link>
      </p>
      <Await query={query} rows={8}>
        {({ pages }) => {
          const [first] = pages;
          return first ? <One first={first} entries={pages.flatMap((page) => page.entries.items)} /> : null;
        }}
      </Await>
      <More query={query} />
    </div>
  );
}

function One({ first: { account, balance }, entries }: { first: BalanceEntries; entries: BalanceEntry[] }) {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  return (
    <>
      <section className="card">
        <p className="soft small">
          {text(account.title)}
          {account.key_title ? ` · ${text(account.key_title)}` : ''}
        </p>
        <h1>{balance.label ?? balance.key}</h1>
        {balance.label ? <p className="soft small number">{balance.key}</p> : null}
        <Figures balance={balance} />
        <p className="soft small">
          {balance.masked ? words.balance.maskedHint : account.floor ? words.balance.floor(formats.number(account.floor)) : words.balance.noFloor}
        </p>
      </section>
      <section className="card">
        <div className="card-head">
          <h2>{words.balance.entries}</h2>
        </div>
        <ol className="moves">
          {entries.map((entry) => (
            <li key={entry.number}>
              <Entry entry={entry} />
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}

function Entry({ entry }: { entry: BalanceEntry }) {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  const { move, amount } = moveOf(entry);
  const { request } = entry;
  return (
    <>
      <div className="move-line">
        <span className={`move ${move}`}>
          {words.balance.moves[move]} <b className="number">{formats.number(amount)}</b>
        </span>
        <span className="soft small number">{words.balance.freeAfter(formats.number(entry.free))}</span>
      </div>
      {wasHeld(entry) ? <p className="soft small">{words.balance.fromHeld}</p> : null}
      <p className="small">
        {request ? (
          <Link to="/requests/$id" params={{ id: request.id }} search={{}}>
            {text(request.title)} <span className="number">{request.number}</span>
          </Link>
        ) : (
          <span className="soft">{words.balance.closedRequest}</span>
        )}
      </p>
      <p className="soft small">
        {request ? `${words.balance.startedBy(request.initiator.name)} · ` : ''}
        {entry.by && entry.by.id !== request?.initiator.id ? `${words.balance.actedBy(entry.by.name)} · ` : ''}
        <time dateTime={entry.at}>{formats.time(entry.at)}</time>
      </p>
    </>
  );
}
