import { CompassOutlined, FrownOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useWords } from '../words/index.ts';

/** An address that leads nowhere. */
export function NotFound() {
  const words = useWords();
  return (
    <div className="empty">
      <span className="mark">
        <CompassOutlined />
      </span>
      <h1>{words.problems.notFound}</h1>
      <span>{words.problems.notFoundHint}</span>
      <Button href="/inbox">{words.nav.inbox}</Button>
    </div>
  );
}

/** A page that failed while it was drawn. */
export function Crashed({ error }: { error: unknown }) {
  const words = useWords();
  return (
    <div className="empty" role="alert">
      <span className="mark">
        <FrownOutlined />
      </span>
      <h1>{words.problems.crashed}</h1>
      <span>{words.problems.crashedHint}</span>
      {error instanceof Error ? <span className="small">{error.message}</span> : null}
      <Button onClick={() => window.location.reload()}>{words.common.refresh}</Button>
    </div>
  );
}
