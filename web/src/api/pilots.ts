import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { read, write } from './fetch.ts';
import { keys } from './keys.ts';
import type { NewPilot, Pilot, PilotChoices, PilotExplained, PilotSummary } from './pilot-types.ts';
import type { Page } from './types.ts';

const id = encodeURIComponent;

export const pilotsQuery = infiniteQueryOptions({
  queryKey: keys.pilotList,
  queryFn: ({ signal, pageParam }) =>
    read<Page<PilotSummary>>('/admin/pilots', { query: { after: pageParam }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
});

export const pilotChoicesQuery = queryOptions({
  queryKey: keys.pilotChoices,
  queryFn: ({ signal }) => read<PilotChoices>('/admin/pilots/choices', { signal }),
});

/** A pilot never changes; its payees come in pages. */
export const pilotQuery = (pilot: string, named: string) =>
  infiniteQueryOptions({
    queryKey: keys.pilot(pilot, named),
    queryFn: ({ signal, pageParam }) =>
      read<Pilot>(`/admin/pilots/${id(pilot)}`, { query: { q: named, after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.payees.next ?? undefined,
    staleTime: Infinity,
  });

export const pilotPayeeQuery = (pilot: string, payee: string) =>
  queryOptions({
    queryKey: keys.pilotPayee(pilot, payee),
    queryFn: ({ signal }) => read<PilotExplained>(`/admin/pilots/${id(pilot)}/payees/${id(payee)}`, { signal }),
    staleTime: Infinity,
  });

export const runPilot = (body: NewPilot, intent: string) => write<Pilot>('POST', '/admin/pilots', { body, intent });
