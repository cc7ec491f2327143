import { CheckCircleOutlined, DisconnectOutlined, ExclamationCircleOutlined, InboxOutlined } from '@ant-design/icons';
import { Button, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { Problem, Unreachable } from '../api/problem.ts';
import { useWords } from '../words/index.ts';

/** What an error says to a person. */
export function useProblemText(): (error: unknown) => string {
  const words = useWords();
  return (error) => {
    if (error instanceof Problem) return error.message || words.problems.unknown;
    if (error instanceof Unreachable) return words.problems.unreachableNow;
    return words.problems.unknown;
  };
}

/** A list or page that is not there yet. */
export function Loading({ rows = 4 }: { rows?: number }) {
  const words = useWords();
  return (
    <div className="card" role="status" aria-busy="true" aria-label={words.common.loading}>
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  );
}

/** Something that could not be loaded, with a way to try again. */
export function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  const words = useWords();
  const text = useProblemText();
  const lost = error instanceof Unreachable;
  return (
    <div className="card empty" role="alert">
      <span className="mark">{lost ? <DisconnectOutlined /> : <ExclamationCircleOutlined />}</span>
      <strong>{error instanceof Problem ? error.body.title : lost ? words.problems.unreachable : text(error)}</strong>
      {error instanceof Problem && error.body.detail ? <span>{error.body.detail}</span> : null}
      {lost ? <span>{words.problems.unreachableHint}</span> : null}
      <Button onClick={retry}>{words.common.retry}</Button>
    </div>
  );
}

/** A place with nothing in it. */
export function Empty(props: { title: string; hint?: string; done?: boolean; children?: ReactNode }) {
  return (
    <div className="empty">
      <span className="mark">{props.done ? <CheckCircleOutlined /> : <InboxOutlined />}</span>
      <strong>{props.title}</strong>
      {props.hint ? <span>{props.hint}</span> : null}
      {props.children}
    </div>
  );
}

interface Loaded<Data> {
  data: Data | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

/** Shows a query's answer, or that it is on its way, or why there is none. An answer we have outlives a failed refetch. */
export function Await<Data>(props: { query: Loaded<Data>; rows?: number; children: (data: Data) => ReactNode }) {
  const { query, rows, children } = props;
  if (query.data !== undefined) return children(query.data);
  if (query.isPending) return <Loading {...(rows === undefined ? {} : { rows })} />;
  return <Failed error={query.error} retry={() => void query.refetch()} />;
}
