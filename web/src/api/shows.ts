import { queryOptions } from '@tanstack/react-query';
import type { Account } from './balance-types.ts';
import { read } from './fetch.ts';
import { keys } from './keys.ts';
import type { InstanceStatus, Person, Text } from './types.ts';

/** What a company of the demo shows, as the server sends it. */
export interface Shows {
  name: Text;
  flows: ShownFlow[];
  policies: { policy: string; title: Text; clause?: string }[];
  /** Accounts of which the reader sees something. */
  accounts: Account[];
  /** `flows`: of which they may read requests. */
  logins: { login: string; password: string; name: string; post: string; see: Text; flows: string[] }[];
}

export interface ShownFlow {
  flow: string;
  title: Text;
  description?: Text;
  starters: Text[];
  /** Titles of its steps of people. */
  steps: Text[];
  examples: { id: string; number: string; initiator: Person; status: InstanceStatus; status_text: Text }[];
}

export const showsQuery = queryOptions({
  queryKey: keys.shows,
  queryFn: ({ signal }) => read<Shows>('/shows', { signal }),
});
