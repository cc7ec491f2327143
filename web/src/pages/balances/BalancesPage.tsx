import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import type { Account, Balance } from '../../api/balance-types.ts';
import { accountsQuery, balancesQuery } from '../../api/balances.ts';
import type { BalancesSearch } from '../../app/router.tsx';
import { More } from '../../ui/More.tsx';
import { Await, Empty } from '../../ui/States.tsx';
import { SearchField, useTyped } from '../../ui/SearchField.tsx';
import { useText, useWords } from '../../words/index.ts';
import { Figures } from './Figures.tsx';
import '../../styles/balances.css';


/** What is on the accounts of the company, as far as it is the reader's to know; each leads to what moved it. */
export function BalancesPage() {
  const words = useWords();
  const search = useSearch({ from: '/shell/balances' });
  const navigate = useNavigate();
  const accounts = useQuery(accountsQuery);
  const query = useInfiniteQuery(balancesQuery({ account: search.account, q: search.q }));
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const change = (next: BalancesSearch) => void navigate({ to: '/balances', search: next, replace: true });
  const filtered = search.account !== undefined || search.q !== undefined;
  return (
    <div className="page narrow">
      <div className="page-head">
        <h1>{words.balance.title}</h1>
      </div>
      <p className="soft small balance-hint">{words.balance.hint}</p>
      {filtered || items.length > 0 ? <Filters search={search} change={change} accounts={accounts.data ?? []} /> : null}
      <Await query={query} rows={6}>
        {() =>
          items.length > 0 ? (
            grouped(items).map((group) => (
              <AccountCard
                key={group[0].account}
                balances={group}
                account={accounts.data?.find((known) => known.account === group[0].account)}
              />
            ))
          ) : filtered ? (
            <Empty title={words.balance.emptyFiltered}>
              <Button onClick={() => change({})}>{words.lists.clearFilters}</Button>
            </Empty>
          ) : (
            <Empty title={words.balance.empty} hint={words.balance.emptyHint} />
          )
        }
      </Await>
      <More query={query} />
    </div>
  );
}

interface FilterProps {
  search: BalancesSearch;
  change: (search: BalancesSearch) => void;
  accounts: Account[];
}

function Filters({ search, change, accounts }: FilterProps) {
  const words = useWords();
  const text = useText();
  const [typed, setTyped] = useTyped(search.q, (q) => change(of(search.account, q)));
  return (
    <div className="filters">
      <SearchField label={words.balance.search} value={typed} change={setTyped} />
      {accounts.length > 1 ? (
        <Select
          allowClear
          aria-label={words.balance.account}
          placeholder={words.balance.account}
          value={search.account}
          popupMatchSelectWidth={false}
          options={accounts.map((account) => ({ value: account.account, label: text(account.title) }))}
          onChange={(account: string | undefined) => change(of(account, search.q))}
        />
      ) : null}
    </div>
  );
}

function AccountCard({ account, balances }: { account: Account | undefined; balances: Group }) {
  const words = useWords();
  const text = useText();
  const title = account ? text(account.title) : balances[0].account;
  return (
    <section className="card balance-card" aria-label={title}>
      <div className="card-head">
        <h2>{title}</h2>
        <span className="soft small">{balances[0].masked ? words.balance.masked : account?.key_title ? text(account.key_title) : null}</span>
      </div>
      <ul>
        {balances.map((balance) => (
          <li key={balance.key}>
            <Link to="/balances/$account" params={{ account: balance.account }} search={{ key: balance.key }} className="balance-line">
              <span className="balance-key">
                <strong>{balance.label ?? balance.key}</strong>
                {balance.label ? <span className="soft small number">{balance.key}</span> : null}
              </span>
              <Figures balance={balance} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

type Group = [Balance, ...Balance[]];

/** The balances of one account together; they come in that order. */
function grouped(items: Balance[]): Group[] {
  const groups: Group[] = [];
  for (const item of items) {
    const last = groups.at(-1);
    if (last && last[0].account === item.account) last.push(item);
    else groups.push([item]);
  }
  return groups;
}

function of(account: string | undefined, q: string | undefined): BalancesSearch {
  return { ...(account ? { account } : {}), ...(q ? { q } : {}) };
}
