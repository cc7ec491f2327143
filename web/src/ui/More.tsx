import { Button } from 'antd';
import { useWords } from '../words/index.ts';

interface Paged {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => Promise<unknown>;
}

/** Brings the next page of a list; nothing where there is none. */
export function More({ query }: { query: Paged }) {
  const words = useWords();
  return query.hasNextPage ? (
    <Button block type="text" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
      {words.common.more}
    </Button>
  ) : null;
}
