import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { adminPeopleQuery } from '../../api/queries.ts';
import type { AdminPerson } from '../../api/admin-types.ts';
import { More } from '../../ui/More.tsx';
import { Avatar } from '../../ui/People.tsx';
import { Await, Empty } from '../../ui/States.tsx';
import { SearchField, useTyped } from '../../ui/SearchField.tsx';
import { useText, useWords } from '../../words/index.ts';
import { PersonActions } from './PersonActions.tsx';
import '../../styles/lists.css';


/** The people of the company and their accounts. */
export function PeoplePage() {
  const words = useWords();
  const { q } = useSearch({ from: '/shell/admin/people' });
  const navigate = useNavigate();
  const [typed, setTyped] = useTyped(q, (text) => {
    void navigate({ to: '/admin/people', search: text ? { q: text } : {}, replace: true });
  });
  const query = useInfiniteQuery(adminPeopleQuery(q ?? ''));
  const people = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="page narrow">
      <div className="page-head">
        <h1>{words.admin.people}</h1>
      </div>
      <div className="filters">
        <SearchField label={words.admin.search} value={typed} change={setTyped} />
      </div>
      <Await query={query}>
        {() =>
          people.length === 0 ? (
            <Empty title={words.admin.noPeople} />
          ) : (
            <ul className="task-list">
              {people.map((person) => (
                <li key={person.id} className="card person-card">
                  <PersonRow person={person} />
                </li>
              ))}
            </ul>
          )
        }
      </Await>
      <More query={query} />
    </div>
  );
}

function PersonRow({ person }: { person: AdminPerson }) {
  const words = useWords();
  const text = useText();
  return (
    <>
      <Avatar name={person.name} />
      <div className={person.active ? 'grow' : 'grow inactive'}>
        <strong>{person.name}</strong> {person.active ? null : <span className="pill">{words.admin.inactive}</span>}
        <div className="soft small">
          {[person.department, person.post, person.login ? `${words.login.login} ${person.login}` : words.admin.noLogin]
            .filter(Boolean)
            .join(' · ')}
        </div>
        {person.roles.some((role) => text(role) !== person.post) ? (
          <div className="soft small">{person.roles.map(text).join(words.common.join)}</div>
        ) : null}
      </div>
      <PersonActions person={person} />
    </>
  );
}
