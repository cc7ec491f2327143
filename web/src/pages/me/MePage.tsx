import { GlobalOutlined, KeyOutlined, LogoutOutlined, RightOutlined, SwapOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { sessionQuery } from '../../api/queries.ts';
import { administration, allowed, isUntabbed, work } from '../../app/navigation.tsx';
import { Avatar } from '../../ui/People.tsx';
import { usePhone } from '../../ui/use-phone.ts';
import { useText, useWords } from '../../words/index.ts';
import { useLanguage } from '../../words/language.ts';
import { useLogOut, useSwitchLanguage } from './account.ts';
import '../../styles/lists.css';

/** The person's own page: on phones also the way to what has no tab. */
export function MePage() {
  const words = useWords();
  const text = useText();
  const language = useLanguage();
  const { other, switchTo } = useSwitchLanguage();
  const logOut = useLogOut();
  const phone = usePhone();
  const session = useQuery({ ...sessionQuery, enabled: false }).data;
  if (!session) return null;
  const places = phone ? allowed([...work.filter(isUntabbed), ...administration], session) : [];
  return (
    <div className="page narrow stack">
      <section className="card person-card">
        <Avatar name={session.person.name} />
        <div className="grow">
          <h1>{session.person.name}</h1>
          <p className="soft">
            {text(session.company.name)} ·{' '}
            {session.roles.map((role) => text(role.title)).join(words.common.join) || words.me.noRoles}
          </p>
        </div>
      </section>
      {places.length > 0 ? (
        <ul className="card me-list">
          {places.map((place) => (
            <li key={place.label(words)}>
              <Link to={place.to} search={place.search ?? {}}>
                {place.icon} {place.label(words)} <RightOutlined />
              </Link>
            </li>
          ))}
        </ul>
      ) : null}
      <ul className="card me-list">
        <li>
          <button type="button" className="plain" onClick={() => switchTo(other)}>
            <GlobalOutlined /> {words.language.label} <span className="value">{words.language[language]}</span>
          </button>
        </li>
        <li>
          <Link to="/me/substitutes">
            <SwapOutlined /> {words.substitutes.title} <RightOutlined />
          </Link>
        </li>
        <li>
          <Link to="/me/password">
            <KeyOutlined /> {words.me.changePassword} <RightOutlined />
          </Link>
        </li>
        <li>
          <button type="button" className="plain danger" onClick={logOut}>
            <LogoutOutlined /> {words.me.logOut}
          </button>
        </li>
      </ul>
    </div>
  );
}
