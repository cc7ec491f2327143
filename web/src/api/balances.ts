import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { BalanceEntries, BalancePage } from './balance-types.ts';
import { read } from './fetch.ts';
import { keys } from './keys.ts';

const FIRST = undefined as string | undefined;

/** The accounts of which the reader sees something. */
export const accountsQuery = queryOptions({
  queryKey: keys.accounts,
  queryFn: async ({ signal }) => (await read<BalancePage>('/balances', { signal })).accounts,
});

export const balancesQuery = (filter: { account?: string | undefined; q?: string | undefined }) =>
  infiniteQueryOptions({
    queryKey: keys.balanceList(filter),
    queryFn: ({ signal, pageParam }) => read<BalancePage>('/balances', { query: { ...filter, after: pageParam }, signal }),
    initialPageParam: FIRST,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const balanceEntriesQuery = (account: string, key: string) =>
  infiniteQueryOptions({
    queryKey: keys.balance(account, key),
    queryFn: ({ signal, pageParam }) =>
      read<BalanceEntries>(`/balances/${encodeURIComponent(account)}/entries`, { query: { key, after: pageParam }, signal }),
    initialPageParam: FIRST,
    getNextPageParam: (page) => page.entries.next ?? undefined,
  });
