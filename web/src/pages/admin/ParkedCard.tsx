import { Button } from 'antd';
import type { ParkedMessage } from '../../api/admin-types.ts';
import { retryMessage } from '../../api/writes.ts';
import { Refused } from '../../ui/Refused.tsx';
import { useRetry } from '../../ui/use-retry.ts';
import { useText, useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';

/** Something that the program gave up on after many tries: what, why, and trying again. */
export function ParkedCard({ message }: { message: ParkedMessage }) {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  const write = useRetry((intent) => retryMessage(message.id, intent), words.parked.retried);
  return (
    <section className="card">
      <div className="card-head">
        <h3>
          {text(message.what)} {message.number ? <span className="number">{message.number}</span> : null}
        </h3>
        <Button loading={write.isPending} onClick={() => write.once(null)}>
          {words.parked.retry}
        </Button>
      </div>
      <p className="soft small">{words.parked.tried(message.attempts, formats.ago(message.last_tried_at))}</p>
      {message.last_error ? (
        <details className="small">
          <summary>{words.parked.cause}</summary>
          <code>{message.last_error}</code>
        </details>
      ) : null}
      <Refused error={write.error} />
    </section>
  );
}
