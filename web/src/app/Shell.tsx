import { DownOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Navigate, Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { Suspense, useEffect } from 'react';
import { listenForChanges } from '../api/events.ts';
import { Problem } from '../api/problem.ts';
import { sessionQuery, taskCountsQuery } from '../api/queries.ts';
import type { Session } from '../api/types.ts';
import { useLogOut, useSwitchLanguage } from '../pages/me/account.ts';
import { Menu } from '../ui/Menu.tsx';
import { Avatar } from '../ui/People.tsx';
import { Failed, Loading } from '../ui/States.tsx';
import { usePhone } from '../ui/use-phone.ts';
import { useText, useWords } from '../words/index.ts';
import { administration, allowed, isUntabbed, tabs, work, type Place } from './navigation.tsx';
import '../styles/shell.css';

/** The frame around every page of somebody who is logged in. */
export function Shell() {
  const session = useQuery(sessionQuery);
  const location = useLocation();
  if (session.data) return <Frame session={session.data} />;
  if (session.isPending)
    return (
      <main className="page">
        <Loading />
      </main>
    );
  if (session.error instanceof Problem && session.error.status === 401) {
    return <Navigate to="/login" search={location.href === '/' ? {} : { to: location.href }} replace />;
  }
  return <Failed error={session.error} retry={() => void session.refetch()} />;
}

function Frame({ session }: { session: Session }) {
  const words = useWords();
  const client = useQueryClient();
  const counts = useQuery(taskCountsQuery);
  useEffect(() => listenForChanges(client), [client]);
  const open = counts.data?.open ?? 0;
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {words.nav.skip}
      </a>
      <Rail session={session} open={open} />
      <main id="main" tabIndex={-1}>
        <Suspense
          fallback={
            <div className="page">
              <Loading />
            </div>
          }
        >
          <Outlet />
        </Suspense>
      </main>
      <Tabs open={open} />
    </div>
  );
}

function Rail({ session, open }: { session: Session; open: number }) {
  const words = useWords();
  const text = useText();
  const admin = allowed(administration, session);
  return (
    <aside className="rail">
      <div className="brand">
        <img src="/seal.svg" alt="" />
        <div>
          <b>{words.product}</b>
          <span>{text(session.company.name)}</span>
        </div>
      </div>
      <nav aria-label={words.nav.label}>
        <ul>
          {allowed(work, session).map((place) => (
            <li key={place.label(words)}>
              <PlaceLink place={place} open={open} />
            </li>
          ))}
        </ul>
        {admin.length > 0 ? (
          <>
            <p className="group">{words.nav.admin}</p>
            <ul>
              {admin.map((place) => (
                <li key={place.to}>
                  <PlaceLink place={place} open={open} />
                </li>
              ))}
            </ul>
          </>
        ) : null}
      </nav>
      <UserMenu session={session} />
    </aside>
  );
}

function Tabs({ open }: { open: number }) {
  const words = useWords();
  const phone = usePhone();
  if (!phone) return null;
  return (
    <nav className="tabs" aria-label={words.nav.label}>
      {tabs.map((place) => (
        <PlaceLink key={place.to} place={place} open={open} tab />
      ))}
    </nav>
  );
}

function PlaceLink({ place, open, tab = false }: { place: Place; open: number; tab?: boolean }) {
  const words = useWords();
  const location = useLocation();
  const active = isAt(place, location.pathname, location.search, tab);
  const badge =
    place.counts === 'open' && open > 0 ? (
      <span className="badge" aria-label={words.inbox.openCount(open)}>
        {open > 99 ? '99+' : open}
      </span>
    ) : null;
  return (
    <Link
      to={place.to}
      search={place.search ?? {}}
      className={active ? 'active' : ''}
      activeProps={NOT_MARKED}
      aria-current={active ? 'page' : undefined}
    >
      {tab ? (
        <span className="icon">
          {place.icon}
          {badge}
        </span>
      ) : (
        place.icon
      )}
      <span>{place.label(words)}</span>
      {tab ? null : badge}
    </Link>
  );
}

/** We mark the active place ourselves: the views of one list differ by their search only. */
const NOT_MARKED = {};

const untabbed = [...work, ...administration].filter(isUntabbed);

/** Tells whether a place is where we are; on phones all lists are one tab. */
function isAt(place: Place, path: string, search: { view?: string }, tab: boolean): boolean {
  // On phones the person's own page leads to what has no tab.
  if (tab && place.to === '/me' && untabbed.some(({ to }) => path.startsWith(to))) return true;
  if (place.to !== '/requests') return path === place.to || path.startsWith(`${place.to}/`);
  return tab ? path.startsWith('/requests') : path === '/requests' && search.view === place.search?.view;
}

function UserMenu({ session }: { session: Session }) {
  const words = useWords();
  const navigate = useNavigate();
  const logOut = useLogOut();
  const { switchTo, other } = useSwitchLanguage();
  return (
    <Menu
      placement="topLeft"
      items={[
        { key: 'me', label: words.me.title, run: () => void navigate({ to: '/me' }) },
        { key: 'password', label: words.me.changePassword, run: () => void navigate({ to: '/me/password' }) },
        { key: 'language', label: words.language[other], run: () => switchTo(other) },
        { key: 'out', label: words.me.logOut, run: logOut },
      ]}
    >
      <button type="button" className="plain person" aria-haspopup="menu">
        <span className="visually-hidden">{words.me.menu} </span>
        <Avatar name={session.person.name} />
        <span>
          {session.person.name}
          <RoleLine session={session} />
        </span>
        <DownOutlined style={{ marginLeft: 'auto', fontSize: 11 }} />
      </button>
    </Menu>
  );
}

function RoleLine({ session }: { session: Session }) {
  const text = useText();
  const first = session.roles[0];
  return first ? <span>{text(first.title)}</span> : null;
}
