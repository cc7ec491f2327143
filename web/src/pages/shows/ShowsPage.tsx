import { RightOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { sessionQuery } from '../../api/queries.ts';
import { showsQuery, type ShownFlow, type Shows } from '../../api/shows.ts';
import { StatusPill } from '../../ui/StatusPill.tsx';
import { Await } from '../../ui/States.tsx';
import { useText, useWords } from '../../words/index.ts';
import { useTexts } from './words.ts';
import '../../styles/shows.css';

/** What a company of the demo shows: whom to log in as, its flows with requests to open, its policies and accounts. */
export function ShowsPage() {
  const words = useWords();
  const texts = useTexts();
  const query = useQuery(showsQuery);
  return (
    <div className="page narrow">
      <div className="page-head">
        <h1>{words.nav.shows}</h1>
      </div>
      <p className="soft shows-hint">{texts.hint}</p>
      <Await query={query} rows={10}>
        {(shows) => (
          <div className="stack">
            <Logins logins={shows.logins} />
            <section aria-label={texts.flows} className="stack">
              <h2>{texts.flows}</h2>
              {inOrder(shows).map((flow) => (
                <FlowCard key={flow.flow} flow={flow} others={readers(shows, flow)} />
              ))}
            </section>
            {shows.accounts.length > 0 ? <Accounts accounts={shows.accounts} /> : null}
            <Policies policies={shows.policies} />
          </div>
        )}
      </Await>
    </div>
  );
}

function Logins({ logins }: { logins: Shows['logins'] }) {
  const text = useText();
  const texts = useTexts();
  const me = useQuery({ ...sessionQuery, enabled: false }).data;
  const [first] = logins;
  return (
    <section className="card" aria-label={texts.logins}>
      <div className="card-head">
        <h2>{texts.logins}</h2>
      </div>
      {first ? <p className="soft small">{texts.password(first.password)}</p> : null}
      <ul className="shows-logins">
        {logins.map((login) => (
          <li key={login.login}>
            <span className="who">
              <strong>{login.name}</strong> <span className="soft small">{login.post}</span>
              <code className="small">{login.login}</code>
              {me?.person.name === login.name ? <span className="pill good">{texts.me}</span> : null}
            </span>
            <span>{text(login.see)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Whom of the demo to log in as to see requests of a flow. */
function readers({ logins }: Shows, flow: ShownFlow): string[] {
  return logins.filter((login) => login.flows.includes(flow.flow)).map((login) => login.name);
}

/** What can be opened comes first, then what others can open. */
function inOrder(shows: Shows): ShownFlow[] {
  const rank = (flow: ShownFlow) => (flow.examples.length > 0 ? 0 : readers(shows, flow).length > 0 ? 1 : 2);
  return [...shows.flows].sort((one, other) => rank(one) - rank(other));
}

function FlowCard({ flow, others }: { flow: ShownFlow; others: string[] }) {
  const words = useWords();
  const text = useText();
  const texts = useTexts();
  const starters = flow.starters.map(text).join(words.common.join);
  return (
    <article className="card shows-flow">
      <h3>{text(flow.title)}</h3>
      {flow.description ? <p>{text(flow.description)}</p> : null}
      {starters ? <p className="soft small">{texts.starts(starters)}</p> : null}
      <ol className="shows-steps">
        {flow.steps.map((step, index) => (
          <li key={`${index} ${step.zh}`}>
            {text(step)}
            {index < flow.steps.length - 1 ? <RightOutlined aria-hidden /> : null}
          </li>
        ))}
      </ol>
      {flow.examples.length === 0 ? (
        <p className="soft small">{others.length > 0 ? texts.seeAs(others.join(words.common.join)) : texts.noExamples}</p>
      ) : null}
      <ul className="shows-examples">
        {flow.examples.map((example) => (
          <li key={example.id}>
            <Link to="/requests/$id" params={{ id: example.id }} search={{}}>
              <span className="number">{example.number}</span> {texts.by(example.initiator.name)}
            </Link>
            <StatusPill status={example.status} text={text(example.status_text)} />
          </li>
        ))}
      </ul>
    </article>
  );
}

function Accounts({ accounts }: { accounts: Shows['accounts'] }) {
  const text = useText();
  const texts = useTexts();
  return (
    <section className="card" aria-label={texts.accounts}>
      <div className="card-head">
        <h2>{texts.accounts}</h2>
      </div>
      <ul className="shows-examples">
        {accounts.map((account) => (
          <li key={account.account}>
            <Link to="/balances" search={{ account: account.account }}>
              {text(account.title)}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Policies({ policies }: { policies: Shows['policies'] }) {
  const text = useText();
  const texts = useTexts();
  return (
    <section className="card" aria-label={texts.policies}>
      <div className="card-head">
        <h2>{texts.policies}</h2>
      </div>
      <p className="soft small">{texts.policiesHint(policies.length)}</p>
      <ul className="shows-policies">
        {policies.map((policy) => (
          <li key={policy.policy}>
            <span>{text(policy.title)}</span>
            {policy.clause ? <span className="soft small">{texts.clause(policy.clause)}</span> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
