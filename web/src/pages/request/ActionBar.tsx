import { EllipsisOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button, type Input } from 'antd';
import { useRef, useState, type ComponentRef, type ReactNode } from 'react';
import { keys } from '../../api/keys.ts';
import { hasCode, Problem } from '../../api/problem.ts';
import type { Acted, Instance, JsonObject, ProblemError, TaskAction, TaskDetail } from '../../api/types.ts';
import { useWrite } from '../../api/use-write.ts';
import { act, type Decision } from '../../api/writes.ts';
import { showErrors } from '../../forms/ErrorSummary.tsx';
import { GrowingText } from '../../ui/GrowingText.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { useProblemText } from '../../ui/States.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import { usePhone } from '../../ui/use-phone.ts';
import { toast } from '../../ui/toast.tsx';
import { useText, useWords } from '../../words/index.ts';
import { DecisionSheet } from './DecisionSheet.tsx';

/** What goes along with a decision that sends the forms. */
export interface Contents {
  form?: JsonObject;
  data?: JsonObject;
}

interface Props {
  instance: Instance;
  task: TaskDetail;
  comment: string;
  setComment: (text: string) => void;
  contents: Contents;
  validate: () => boolean;
  refuse: (errors: ProblemError[]) => void;
  /** The id of the place that lists what must be corrected. */
  errorAt: string;
  onActed: () => void;
  status: ReactNode;
}

const FORWARD: TaskAction[] = ['approve', 'fill', 'resubmit'];
const ASKED: TaskAction[] = ['reject', 'return', 'transfer'];

/** The bar to decide with: what the server allows, nothing else. */
export function ActionBar(props: Props) {
  const { instance, task, comment, setComment, contents, validate, refuse, errorAt, onActed, status } = props;
  const words = useWords();
  const text = useText();
  const problem = useProblemText();
  const phone = usePhone();
  const client = useQueryClient();
  const [asked, setAsked] = useState<TaskAction | null>(null);
  const [missing, setMissing] = useState(false);
  const field = useRef<ComponentRef<typeof Input.TextArea>>(null);

  const refetch = () => {
    void client.invalidateQueries({ queryKey: keys.tasks });
    void client.invalidateQueries({ queryKey: keys.instances });
  };
  const write = useWrite((decision: Decision, intent) => act(instance.id, task.task, decision, intent), {
    success: (acted: Acted, decision) => {
      setAsked(null);
      const next = acted.next[0];
      const where = next && next.people.length > 0
        ? words.act.nextIs(next.people.map((person) => person.name).join(words.common.join), text(next.step_title))
        : text(acted.status_text);
      toast.good(`${words.act.done[decision.action]} · ${where}`);
      onActed();
      refetch();
    },
    error: (error) => {
      if (hasCode(error, 'form_invalid') && error instanceof Problem) {
        setAsked(null);
        refuse(error.errors);
        showErrors(errorAt);
      }
      if (hasCode(error, 'task_closed', 'task_changed', 'not_yours', 'role_revoked')) {
        setAsked(null);
        // The bar may be gone with the next answer, so the reason is said where it stays.
        toast.bad(hasCode(error, 'task_closed') ? `${words.problems.closed} · ${problem(error)}` : problem(error));
        refetch();
      }
    },
  });

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
  const error = write.error && !hasCode(write.error, 'form_invalid') ? write.error : null;

  return (
    <div className="action-bar" role="region" aria-label={words.act.bar}>
      <div aria-live="assertive">
        {error && asked === null ? (
          <p className="notice bad">
            {hasCode(error, 'task_changed') ? <strong>{words.problems.stale}</strong> : null}
            {hasCode(error, 'task_closed') ? <strong>{words.problems.closed}</strong> : null} {problem(error)}
          </p>
        ) : null}
      </div>
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
