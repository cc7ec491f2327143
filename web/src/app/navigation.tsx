import {
  AccountBookOutlined,
  AlertOutlined,
  AppstoreAddOutlined,
  CalendarOutlined,
  CheckSquareOutlined,
  CompassOutlined,
  ExperimentOutlined,
  EyeOutlined,
  FileTextOutlined,
  InboxOutlined,
  RocketOutlined,
  TeamOutlined,
  UserOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import type { Duty, Session } from '../api/types.ts';
import type { Words } from '../words/index.ts';

/** One place in the navigation. */
export interface Place {
  to: '/inbox' | '/start' | '/requests' | '/balances' | '/calendar' | '/shows' | '/me' | '/admin/incidents' | '/admin/people' | '/admin/releases' | '/admin/pilots';
  search?: { view?: 'handled' | 'readable' };
  label: (words: Words) => string;
  icon: ReactNode;
  /** The duty that a person must have to see it. */
  needs?: Duty;
  /** Only in an example company of the demo. */
  demo?: true;
  counts?: 'open';
}

/** What everyone sees on a desk. */
export const work: Place[] = [
  { to: '/inbox', label: (words) => words.nav.inbox, icon: <InboxOutlined />, counts: 'open' },
  { to: '/start', label: (words) => words.nav.start, icon: <AppstoreAddOutlined /> },
  { to: '/requests', label: (words) => words.nav.mine, icon: <FileTextOutlined /> },
  {
    to: '/requests',
    search: { view: 'handled' },
    label: (words) => words.nav.handled,
    icon: <CheckSquareOutlined />,
  },
  { to: '/requests', search: { view: 'readable' }, label: (words) => words.nav.readable, icon: <EyeOutlined /> },
  { to: '/calendar', label: (words) => words.nav.calendar, icon: <CalendarOutlined /> },
  { to: '/balances', label: (words) => words.nav.balances, icon: <AccountBookOutlined /> },
  { to: '/shows', label: (words) => words.nav.shows, icon: <CompassOutlined />, demo: true },
];

/** What those see who look after the company. */
export const administration: Place[] = [
  { to: '/admin/incidents', label: (words) => words.nav.incidents, icon: <AlertOutlined />, needs: 'incidents' },
  { to: '/admin/people', label: (words) => words.nav.people, icon: <TeamOutlined />, needs: 'people' },
  { to: '/admin/releases', label: (words) => words.nav.releases, icon: <RocketOutlined />, needs: 'deploy' },
  { to: '/admin/pilots', label: (words) => words.nav.pilots, icon: <ExperimentOutlined />, needs: 'pilot' },
];

/** The tabs of a phone; the rest is under the last one. */
export const tabs: Place[] = [
  { to: '/inbox', label: (words) => words.nav.inbox, icon: <InboxOutlined />, counts: 'open' },
  { to: '/start', label: (words) => words.nav.start, icon: <AppstoreAddOutlined /> },
  { to: '/requests', label: (words) => words.nav.requests, icon: <FileTextOutlined /> },
  { to: '/me', label: (words) => words.nav.me, icon: <UserOutlined /> },
];

/** Tells whether a place has no tab: on phones it is under the last one. */
export function isUntabbed({ to }: Place): boolean {
  return !tabs.some((tab) => tab.to === to);
}

/** The places this person may see. */
export function allowed(places: Place[], session: Session): Place[] {
  return places.filter(
    (place) => (place.needs === undefined || session.can.includes(place.needs)) && (!place.demo || session.demo === true),
  );
}
