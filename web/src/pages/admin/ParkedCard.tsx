import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import type { ParkedMessage } from '../../api/admin-types.ts';
import { keys } from '../../api/keys.ts';
import { useWrite } from '../../api/use-write.ts';
import { retryMessage } from '../../api/writes.ts';
import { useProblemText } from '../../ui/States.tsx';
import { toast } from '../../ui/toast.tsx';
import { useText, useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';

/** Something that the program gave up on after many tries: what, why, and trying again. */
export function ParkedCard({ message }: { message: ParkedMessage }) {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  const problem = useProblemText();
  const client = useQueryClient();
  const write = useWrite((_: null, intent) => retryMessage(message.id, intent), {
    success: () => {
      toast.good(words.parked.retried);
      void client.invalidateQueries({ queryKey: keys.admin });
    },
  });
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
      {write.error ? (
        <p className="notice bad" role="alert">
          {problem(write.error)}
        </p>
      ) : null}
    </section>
  );
}
