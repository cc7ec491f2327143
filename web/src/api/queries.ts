import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { read } from './fetch.ts';
import { keys } from './keys.ts';
import type { AdminIncident, AdminPerson, ParkedMessage, Release } from './admin-types.ts';
import type {
  About,
  Department,
  Explanation,
  FlowStart,
  FlowSummary,
  Instance,
  InstanceStatus,
  InstanceSummary,
  Page,
  PersonEntry,
  ResetTarget,
  Session,
  StoredFile,
  TaskPage,
  TimelineEntry,
} from './types.ts';

export interface TaskFilter {
  state: 'open' | 'done';
  flow?: string | undefined;
  overdue?: true | undefined;
}

export type InstanceView = 'mine' | 'handled' | 'readable';

export interface InstanceFilter {
  view: InstanceView;
  status?: InstanceStatus | undefined;
  flow?: string | undefined;
  q?: string | undefined;
}

const MINUTE_MS = 60_000;
const PAGE_SIZE = 20;

/** Where the next page of a list starts. */
function nextPage(page: Page<unknown>): string | undefined {
  return page.next ?? undefined;
}

const id = encodeURIComponent;

export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: ({ signal }) => read<Session>('/session', { signal }),
  staleTime: 10 * MINUTE_MS,
  retry: false,
});

export const setupQuery = queryOptions({
  queryKey: keys.setup,
  queryFn: ({ signal }) => read<{ needed: boolean }>('/setup', { signal }),
});

export const resetQuery = (token: string) =>
  queryOptions({
    queryKey: keys.reset(token),
    queryFn: ({ signal }) => read<ResetTarget>(`/password-resets/${id(token)}`, { signal }),
    retry: false,
  });

export const flowsQuery = queryOptions({
  queryKey: keys.flows,
  queryFn: ({ signal }) => read<{ items: FlowSummary[] }>('/flows', { signal }),
  staleTime: MINUTE_MS,
});

/** What starting asks for: about a record, about none, or before that was chosen. */
export const startQuery = (flow: string, what: About | 'plain' | 'choice') =>
  queryOptions({
    queryKey: keys.start(flow, what),
    queryFn: ({ signal }) => {
      const query = typeof what === 'string' ? {} : { about: what.fact, id: what.id };
      return read<FlowStart>(`/flows/${id(flow)}/start`, { query, signal });
    },
    // A form being filled must not change under the hands; it is fetched anew on every visit.
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });

export const tasksQuery = (filter: TaskFilter) =>
  infiniteQueryOptions({
    queryKey: keys.taskList(filter),
    queryFn: ({ signal, pageParam }) =>
      read<TaskPage>('/tasks', { query: { ...filter, after: pageParam, limit: PAGE_SIZE }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextPage,
  });

export const taskCountsQuery = queryOptions({
  queryKey: keys.taskCounts,
  queryFn: async ({ signal }) =>
    (await read<TaskPage>('/tasks', { query: { state: 'open', limit: 1 }, signal })).counts,
});

export const instancesQuery = (filter: InstanceFilter) =>
  infiniteQueryOptions({
    queryKey: keys.instanceList(filter),
    queryFn: ({ signal, pageParam }) =>
      read<Page<InstanceSummary>>('/instances', { query: { ...filter, after: pageParam, limit: PAGE_SIZE }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextPage,
  });

export const instanceQuery = (instance: string) =>
  queryOptions({
    queryKey: keys.instance(instance),
    queryFn: ({ signal }) => read<Instance>(`/instances/${id(instance)}`, { signal }),
  });

/** What happened before an entry of the timeline, page by page backwards. What happened does not change any more. */
export const olderTimelineQuery = (instance: string, before: string) =>
  infiniteQueryOptions({
    queryKey: keys.olderTimeline(instance, before),
    queryFn: ({ signal, pageParam }) =>
      read<Page<TimelineEntry>>(`/instances/${id(instance)}/timeline`, { query: { before: pageParam }, signal }),
    initialPageParam: before,
    getNextPageParam: nextPage,
    staleTime: Infinity,
  });

export const explanationQuery = (instance: string, visit: number) =>
  queryOptions({
    queryKey: keys.explanation(instance, visit),
    queryFn: ({ signal }) => read<Explanation>(`/instances/${id(instance)}/explanations/${visit}`, { signal }),
    staleTime: Infinity,
  });

export const peopleQuery = (query: string) =>
  queryOptions({
    queryKey: keys.people(query),
    queryFn: ({ signal }) => read<{ items: PersonEntry[] }>('/people', { query: { q: query, limit: 20 }, signal }),
    staleTime: MINUTE_MS,
  });

export const personQuery = (person: string) =>
  queryOptions({
    queryKey: keys.person(person),
    queryFn: ({ signal }) => read<PersonEntry>(`/people/${id(person)}`, { signal }),
    staleTime: 10 * MINUTE_MS,
  });

export const departmentsQuery = queryOptions({
  queryKey: keys.departments,
  queryFn: ({ signal }) => read<{ items: Department[] }>('/departments', { signal }),
  staleTime: 10 * MINUTE_MS,
});

export const fileQuery = (file: string) =>
  queryOptions({
    queryKey: keys.file(file),
    queryFn: ({ signal }) => read<StoredFile>(`/files/${id(file)}/info`, { signal }),
    staleTime: Infinity,
  });

export const adminPeopleQuery = (query: string) =>
  infiniteQueryOptions({
    queryKey: keys.adminPeople(query),
    queryFn: ({ signal, pageParam }) =>
      read<Page<AdminPerson>>('/admin/people', { query: { q: query, after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextPage,
  });

export const adminIncidentsQuery = infiniteQueryOptions({
  queryKey: keys.adminIncidents,
  queryFn: ({ signal, pageParam }) => read<Page<AdminIncident>>('/admin/incidents', { query: { after: pageParam }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: nextPage,
});

export const adminMessagesQuery = infiniteQueryOptions({
  queryKey: keys.adminMessages,
  queryFn: ({ signal, pageParam }) => read<Page<ParkedMessage>>('/admin/messages', { query: { after: pageParam }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: nextPage,
});

export const adminReleasesQuery = queryOptions({
  queryKey: keys.adminReleases,
  queryFn: ({ signal }) => read<{ items: Release[] }>('/admin/releases', { signal }),
});
