import { QueryClient } from '@tanstack/react-query';
import { Problem } from '../api/problem.ts';

/** What was read, and how long it counts as fresh. */
export const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A clear answer stays what it is; only lost ones are worth asking again.
      retry: (failures, error) => failures < 2 && !(error instanceof Problem && error.status < 500),
      refetchOnWindowFocus: true,
    },
  },
});
