import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { keys } from '../../api/keys.ts';
import type { InstanceAction } from '../../api/types.ts';
import { useWrite } from '../../api/use-write.ts';
import * as writes from '../../api/writes.ts';
import { CommentField } from '../../ui/Comment.tsx';
import { Refused } from '../../ui/Refused.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { toast } from '../../ui/toast.tsx';
import { useWords, type Words } from '../../words/index.ts';

interface Props {
  /** The request, by its id: who voids one that has stopped may not be one who reads it. */
  instance: string;
  action: InstanceAction | null;
  close: () => void;
}

interface Wish {
  action: InstanceAction;
  words: string;
}

/** Comments on a request, withdraws or voids it. */
export function InstanceActionSheet({ instance, action, close }: Props) {
  const words = useWords();
  const client = useQueryClient();
  const [said, setSaid] = useState('');
  const [tried, setTried] = useState(false);
  const leave = () => {
    setSaid('');
    setTried(false);
    write.reset();
    close();
  };
  const write = useWrite(({ action: what, words: why }: Wish, intent) => send(instance, what, why, intent), {
    success: (_, wish) => {
      toast.good(textsOf(words, wish.action).done);
      void client.invalidateQueries({ queryKey: keys.instances });
      void client.invalidateQueries({ queryKey: keys.tasks });
      void client.invalidateQueries({ queryKey: keys.admin });
      leave();
    },
  });
  if (action === null) return null;
  const texts = textsOf(words, action);
  const missing = texts.needed && said.trim() === '';
  const submit = () => {
    setTried(true);
    if (!missing) write.once({ action, words: said.trim() });
  };
  return (
    <Sheet
      title={texts.title}
      open
      close={leave}
      confirm={{ label: texts.button, run: submit, busy: write.isPending, danger: action === 'cancel' }}
    >
      {texts.hint ? <p className="sheet-hint">{texts.hint}</p> : null}
      <CommentField
        label={texts.label}
        value={said}
        change={setSaid}
        placeholder={texts.placeholder}
        required={texts.needed}
        error={tried && missing ? texts.missing : undefined}
      />
      <Refused error={write.error} />
    </Sheet>
  );
}

function send(instance: string, action: InstanceAction, why: string, intent: string): Promise<void> {
  if (action === 'comment') return writes.comment(instance, why, intent);
  return action === 'withdraw' ? writes.withdraw(instance, why, intent) : writes.cancel(instance, why, intent);
}

function textsOf({ request, act }: Words, action: InstanceAction) {
  const placeholder = '';
  switch (action) {
    case 'comment':
      return {
        title: request.comment,
        hint: '',
        label: act.comment,
        button: request.comment,
        done: request.commented,
        needed: true,
        missing: act.commentRequired,
        placeholder: request.commentPlaceholder,
      };
    case 'withdraw':
      return {
        title: request.withdrawAsk,
        hint: request.withdrawHint,
        label: request.withdrawReason,
        button: request.withdraw,
        done: request.withdrawn,
        needed: false,
        missing: '',
        placeholder,
      };
    case 'cancel':
      return {
        title: request.cancelAsk,
        hint: request.cancelHint,
        label: request.cancelReason,
        button: request.cancel,
        done: request.cancelled,
        needed: true,
        missing: request.reasonMissing,
        placeholder,
      };
  }
}
