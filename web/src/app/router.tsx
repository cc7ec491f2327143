import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  type ErrorComponentProps,
} from '@tanstack/react-router';
import type { InstanceStatus } from '../api/types.ts';
import { InboxPage } from '../pages/inbox/InboxPage.tsx';
import { LoginPage } from '../pages/login/LoginPage.tsx';
import { Crashed, NotFound } from '../ui/Lost.tsx';
import { Shell } from './Shell.tsx';

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: ({ error }: ErrorComponentProps) => <Crashed error={error} />,
});

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search: Search): { to?: string } => optional({ to: localPath(search['to']) }),
  component: LoginPage,
});

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('../pages/setup/SetupPage.tsx'), 'SetupPage'),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset',
  component: lazyRouteComponent(() => import('../pages/password/ResetPage.tsx'), 'ResetPage'),
});

const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inbox', search: {} });
  },
});

const inbox = createRoute({
  getParentRoute: () => shell,
  path: '/inbox',
  validateSearch: (search: Search): InboxSearch =>
    optional({
      state: search['state'] === 'done' ? ('done' as const) : undefined,
      overdue: search['overdue'] === true ? (true as const) : undefined,
      flow: text(search['flow']),
      open: text(search['open']),
    }),
  component: InboxPage,
});

const start = createRoute({
  getParentRoute: () => shell,
  path: '/start',
  component: lazyRouteComponent(() => import('../pages/start/ChoosePage.tsx'), 'ChoosePage'),
});

const startFlow = createRoute({
  getParentRoute: () => shell,
  path: '/start/$flow',
  validateSearch: (search: Search): StartSearch => {
    const [about, id] = [text(search['about']), text(search['id'])];
    if (about !== undefined && id !== undefined) return { about, id };
    return optional({ plain: search['plain'] === true ? (true as const) : undefined });
  },
  component: lazyRouteComponent(() => import('../pages/start/StartPage.tsx'), 'StartPage'),
});

const requests = createRoute({
  getParentRoute: () => shell,
  path: '/requests',
  validateSearch: (search: Search): RequestsSearch =>
    optional({
      view: search['view'] === 'handled' || search['view'] === 'readable' ? search['view'] : undefined,
      status: status(search['status']),
      flow: text(search['flow']),
      q: text(search['q']),
    }),
  component: lazyRouteComponent(() => import('../pages/lists/RequestsPage.tsx'), 'RequestsPage'),
});

const request = createRoute({
  getParentRoute: () => shell,
  path: '/requests/$id',
  validateSearch: (search: Search): { task?: number } =>
    optional({ task: typeof search['task'] === 'number' ? search['task'] : undefined }),
  component: lazyRouteComponent(() => import('../pages/request/RequestPage.tsx'), 'RequestPage'),
});

const balances = createRoute({
  getParentRoute: () => shell,
  path: '/balances',
  validateSearch: (search: Search): BalancesSearch => optional({ account: text(search['account']), q: text(search['q']) }),
  component: lazyRouteComponent(() => import('../pages/balances/BalancesPage.tsx'), 'BalancesPage'),
});

const balance = createRoute({
  getParentRoute: () => shell,
  path: '/balances/$account',
  validateSearch: (search: Search): { key?: string } => optional({ key: text(search['key']) }),
  component: lazyRouteComponent(() => import('../pages/balances/BalancePage.tsx'), 'BalancePage'),
});

const shows = createRoute({
  getParentRoute: () => shell,
  path: '/shows',
  component: lazyRouteComponent(() => import('../pages/shows/ShowsPage.tsx'), 'ShowsPage'),
});

const calendar = createRoute({
  getParentRoute: () => shell,
  path: '/calendar',
  validateSearch: (search: Search): CalendarSearch => optional({ year: year(search['year']) }),
  component: lazyRouteComponent(() => import('../pages/calendar/CalendarPage.tsx'), 'CalendarPage'),
});

const calendarImport = createRoute({
  getParentRoute: () => shell,
  path: '/calendar/import',
  validateSearch: (search: Search): CalendarSearch => optional({ year: year(search['year']) }),
  component: lazyRouteComponent(() => import('../pages/calendar/ImportPage.tsx'), 'ImportPage'),
});

const me = createRoute({
  getParentRoute: () => shell,
  path: '/me',
  component: lazyRouteComponent(() => import('../pages/me/MePage.tsx'), 'MePage'),
});

const password = createRoute({
  getParentRoute: () => shell,
  path: '/me/password',
  component: lazyRouteComponent(() => import('../pages/password/ChangePage.tsx'), 'ChangePage'),
});

const substitutes = createRoute({
  getParentRoute: () => shell,
  path: '/me/substitutes',
  component: lazyRouteComponent(() => import('../pages/substitutes/SubstitutesPage.tsx'), 'MySubstitutesPage'),
});

const personSubstitutes = createRoute({
  getParentRoute: () => shell,
  path: '/admin/people/$id/substitutes',
  component: lazyRouteComponent(() => import('../pages/substitutes/SubstitutesPage.tsx'), 'PersonSubstitutesPage'),
});

const incidents = createRoute({
  getParentRoute: () => shell,
  path: '/admin/incidents',
  component: lazyRouteComponent(() => import('../pages/admin/IncidentsPage.tsx'), 'IncidentsPage'),
});

const people = createRoute({
  getParentRoute: () => shell,
  path: '/admin/people',
  validateSearch: (search: Search): { q?: string } => optional({ q: text(search['q']) }),
  component: lazyRouteComponent(() => import('../pages/admin/PeoplePage.tsx'), 'PeoplePage'),
});

const releases = createRoute({
  getParentRoute: () => shell,
  path: '/admin/releases',
  component: lazyRouteComponent(() => import('../pages/admin/ReleasesPage.tsx'), 'ReleasesPage'),
});

const pilots = createRoute({
  getParentRoute: () => shell,
  path: '/admin/pilots',
  component: lazyRouteComponent(() => import('../pages/pilot/PilotsPage.tsx'), 'PilotsPage'),
});

const newPilot = createRoute({
  getParentRoute: () => shell,
  path: '/admin/pilots/new',
  component: lazyRouteComponent(() => import('../pages/pilot/NewPilotPage.tsx'), 'NewPilotPage'),
});

const pilot = createRoute({
  getParentRoute: () => shell,
  path: '/admin/pilots/$id',
  validateSearch: (search: Search): PilotSearch => optional({ amount: text(search['amount']), q: text(search['q']) }),
  component: lazyRouteComponent(() => import('../pages/pilot/PilotPage.tsx'), 'PilotPage'),
});

const pilotPayee = createRoute({
  getParentRoute: () => shell,
  path: '/admin/pilots/$id/payees/$payee',
  component: lazyRouteComponent(() => import('../pages/pilot/PayeePage.tsx'), 'PayeePage'),
});

const nowhere = createRoute({ getParentRoute: () => shell, path: '$', component: NotFound });

const tree = root.addChildren([
  login,
  setup,
  reset,
  shell.addChildren([
    home,
    inbox,
    start,
    startFlow,
    requests,
    request,
    calendar,
    calendarImport,
    balances,
    balance,
    shows,
    me,
    password,
    substitutes,
    personSubstitutes,
    incidents,
    people,
    releases,
    pilots,
    newPilot,
    pilot,
    pilotPayee,
    nowhere,
  ]),
]);

/** The pages and their addresses. */
export const router = createRouter({ routeTree: tree, defaultPreload: false, scrollRestoration: true });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

export interface InboxSearch {
  state?: 'done';
  overdue?: true;
  flow?: string;
  /** The chosen task, `instance~task`. */
  open?: string;
}

export interface RequestsSearch {
  view?: 'handled' | 'readable';
  status?: InstanceStatus;
  flow?: string;
  q?: string;
}

export interface StartSearch {
  /** The record that the request is to be about, its kind and id; both or neither. */
  about?: string;
  id?: string;
  /** Goes on without a record, where that may be. */
  plain?: true;
}

export interface BalancesSearch {
  account?: string;
  /** Found anywhere in a key. */
  q?: string;
}

export interface CalendarSearch {
  /** This year where it is left out. */
  year?: number;
}

export interface PilotSearch {
  /** The amount that is looked at; else the first. */
  amount?: string;
  q?: string;
}

type Search = Record<string, unknown>;

const STATUSES: InstanceStatus[] = ['running', 'archived', 'completed', 'rejected', 'withdrawn', 'cancelled'];

function status(value: unknown): InstanceStatus | undefined {
  return STATUSES.find((known) => known === value);
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A year; whether there is such a one, the page is told. */
function year(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}

/** A path inside this app: never an address elsewhere. */
function localPath(value: unknown): string | undefined {
  return typeof value === 'string' && /^\/(?![/\\])/.test(value) ? value : undefined;
}

type Present<Parts> = { [Key in keyof Parts]?: Exclude<Parts[Key], undefined> };

/** Leaves out what is undefined, so that the address stays short. */
function optional<Parts extends object>(parts: Parts): Present<Parts> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as Present<Parts>;
}
