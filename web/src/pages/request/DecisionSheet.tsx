import { Radio } from 'antd';
import { useState } from 'react';
import type { ReturnThen, TaskAction, TaskDetail } from '../../api/types.ts';
import type { Decision } from '../../api/writes.ts';
import { PersonPicker } from '../../forms/widgets/people.tsx';
import { CommentField } from '../../ui/Comment.tsx';
import { Field } from '../../ui/Field.tsx';
import { Refused } from '../../ui/Refused.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { useText, useWords } from '../../words/index.ts';

interface Props {
  task: TaskDetail;
  action: TaskAction | null;
  /** What is written in the bar already. */
  comment: string;
  busy: boolean;
  error: unknown;
  close: () => void;
  send: (decision: Omit<Decision, 'version'>) => void;
}

/** What rejecting, returning or transferring needs to know. */
export function DecisionSheet({ task, action, comment: before, busy, error, close, send }: Props) {
  const words = useWords();
  const [comment, setComment] = useState(before);
  const [to, setTo] = useState(action === 'return' ? (task.return_targets[0]?.to ?? '') : '');
  const [then, setThen] = useState<ReturnThen>('direct');
  const [tried, setTried] = useState(false);
  if (action !== 'reject' && action !== 'return' && action !== 'transfer') return null;

  const needed = task.comment_required[action] === true;
  const missingComment = needed && comment.trim() === '';
  const missingTarget = action !== 'reject' && to === '';
  const run = () => {
    setTried(true);
    if (missingComment || missingTarget) return;
    send({
      action,
      comment: comment.trim() || undefined,
      ...(action === 'reject' ? {} : { to }),
      ...(action === 'return' ? { then } : {}),
    });
  };
  const texts = {
    reject: { title: words.act.rejectTitle, hint: words.act.rejectHint },
    return: { title: words.act.returnTitle, hint: '' },
    transfer: { title: words.act.transferTitle, hint: words.act.transferHint },
  }[action];

  return (
    <Sheet
      title={texts.title}
      open
      close={close}
      confirm={{ label: words.act[action], run, busy, danger: action === 'reject' }}
    >
      <div className="stack">
        {texts.hint ? <p className="sheet-hint">{texts.hint}</p> : null}
        {action === 'return' ? <ReturnChoice task={task} to={to} setTo={setTo} then={then} setThen={setThen} /> : null}
        {action === 'transfer' ? (
          <Field
            label={words.act.transferTo}
            required
            error={tried && missingTarget ? words.act.transferMissing : undefined}
          >
            {(control) => (
              <PersonPicker
                {...control}
                value={to}
                change={(person) => setTo(person ?? '')}
                status={tried && missingTarget ? 'error' : ''}
              />
            )}
          </Field>
        ) : null}
        <CommentField
          label={needed ? words.act.comment : words.act.commentOptional}
          value={comment}
          change={setComment}
          placeholder={words.act.commentPlaceholder[action]}
          required={needed}
          error={tried && missingComment ? words.act.commentRequired : undefined}
        />
        <Refused error={error} />
      </div>
    </Sheet>
  );
}

interface ReturnProps {
  task: TaskDetail;
  to: string;
  setTo: (to: string) => void;
  then: ReturnThen;
  setThen: (then: ReturnThen) => void;
}

function ReturnChoice({ task, to, setTo, then, setThen }: ReturnProps) {
  const words = useWords();
  const text = useText();
  return (
    <>
      <Field label={words.act.returnTo} group>
        {() => (
          <Radio.Group
            className="radio-lines"
            value={to}
            onChange={(event) => setTo(String(event.target.value))}
            options={task.return_targets.map((target) => ({ value: target.to, label: text(target.title) }))}
          />
        )}
      </Field>
      <Field label={words.act.returnThen} group>
        {() => (
          <Radio.Group
            className="radio-lines"
            value={then}
            onChange={(event) => setThen(event.target.value === 'restart' ? 'restart' : 'direct')}
          >
            <Radio value="direct">
              {words.act.direct}
              <span className="soft small">{words.act.directHint}</span>
            </Radio>
            <Radio value="restart">
              {words.act.restart}
              <span className="soft small">{words.act.restartHint}</span>
            </Radio>
          </Radio.Group>
        )}
      </Field>
    </>
  );
}
