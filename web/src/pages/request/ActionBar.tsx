import { EllipsisOutlined } from '@ant-design/icons';
import { Button, type Input } from 'antd';
import { useRef, useState, type ComponentRef, type ReactNode } from 'react';
import { hasCode } from '../../api/problem.ts';
import type { JsonObject, TaskAction } from '../../api/types.ts';
import { showErrors } from '../../forms/ErrorSummary.tsx';
import { GrowingText } from '../../ui/GrowingText.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { useProblemText } from '../../ui/States.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import { usePhone } from '../../ui/use-phone.ts';
import { useWords } from '../../words/index.ts';
import { DecisionSheet } from './DecisionSheet.tsx';
import { useAct, type ActProps } from './use-act.ts';

/** What goes along with a decision that sends the forms. */
export interface Contents {
  form?: JsonObject;
  data?: JsonObject;
}

interface Props extends ActProps {
  comment: string;
  setComment: (text: string) => void;
  contents: Contents;
  validate: () => boolean;
  status: ReactNode;
}

const FORWARD: TaskAction[] = ['approve', 'fill', 'resubmit'];
const ASKED: TaskAction[] = ['reject', 'return', 'transfer'];

/** The bar to decide with: what the server allows, nothing else. */
export function ActionBar(props: Props) {
  const { task, comment, setComment, contents, validate, errorAt, status } = props;
  const words = useWords();
  const phone = usePhone();
  const [asked, setAsked] = useState<TaskAction | null>(null);
  const [missing, setMissing] = useState(false);
  const field = useRef<ComponentRef<typeof Input.TextArea>>(null);

  const { write, error } = useAct(props, () => setAsked(null));
  const forward = task.actions.find((action) => FORWARD.includes(action));
  const others = task.actions.filter((action) => ASKED.includes(action));
  const go = () => {
    if (!forward) return;
    if (task.comment_required[forward] && comment.trim() === '') {
      setMissing(true);
      field.current?.focus();
      return;
    }
    if (!validate()) return showErrors(errorAt);
    write.once({ action: forward, version: task.version, comment: comment.trim() || undefined, ...contents });
  };
  const ask = (action: TaskAction) => {
    if (task.actions.includes(action) && !write.isPending) setAsked(action);
  };
  useKeys({ a: go, r: () => ask('reject'), b: () => ask('return'), t: () => ask('transfer') });

  const [shown, hidden] = phone
    ? [others.filter((action) => action !== 'transfer'), others.filter((action) => action === 'transfer')]
    : [others, []];

  return (
    <div className="action-bar" role="region" aria-label={words.act.bar}>
      <BarError error={asked === null ? error : null} />
      <div className="action-line">
        <GrowingText
          ref={field}
          className="action-comment"
          value={comment}
          status={missing ? 'error' : ''}
          aria-label={words.act.comment}
          aria-invalid={missing}
          placeholder={
            missing || task.comment_required[forward ?? 'approve']
              ? words.act.commentRequired
              : words.act.commentOptional
          }
          rowsMin={1}
          rowsMax={5}
          maxLength={2000}
          onChange={(event) => {
            setComment(event.target.value);
            setMissing(false);
          }}
        />
        <div className="action-buttons">
          {hidden.length > 0 ? (
            <Menu
              placement="topLeft"
              items={hidden.map((action) => ({ key: action, label: words.act[action], run: () => ask(action) }))}
            >
              <Button icon={<EllipsisOutlined />} aria-label={words.request.more} disabled={write.isPending} />
            </Menu>
          ) : null}
          {[...shown].reverse().map((action) => (
            <Button key={action} danger={action === 'reject'} disabled={write.isPending} onClick={() => ask(action)}>
              {words.act[action]}
            </Button>
          ))}
          {forward ? (
            <Button type="primary" className="forward" loading={write.isPending && asked === null} onClick={go}>
              {words.act[forward]}
            </Button>
          ) : null}
        </div>
      </div>
      {status}
      <DecisionSheet
        key={asked ?? 'none'}
        task={task}
        action={asked}
        comment={comment}
        busy={write.isPending}
        error={error}
        close={() => {
          setAsked(null);
          write.reset();
        }}
        send={(decision) => write.once({ ...decision, version: task.version })}
      />
    </div>
  );
}

/** Why a decision was not taken. */
export function BarError({ error }: { error: unknown }) {
  const words = useWords();
  const problem = useProblemText();
  return (
    <div aria-live="assertive">
      {error ? (
        <p className="notice bad">
          {hasCode(error, 'task_changed') ? <strong>{words.problems.stale}</strong> : null}
          {hasCode(error, 'task_closed') ? <strong>{words.problems.closed}</strong> : null} {problem(error)}
        </p>
      ) : null}
    </div>
  );
}
