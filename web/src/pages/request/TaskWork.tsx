import { InfoCircleOutlined, SyncOutlined } from '@ant-design/icons';
import { useId, useMemo, useState } from 'react';
import { useDraft } from '../../api/use-draft.ts';
import type {
  ClientForm,
  DraftBody,
  Instance,
  ProblemError,
  RouteNode,
  RoutePerson,
  RoutePersonState,
  TaskDetail,
} from '../../api/types.ts';
import { ErrorSummary, Objection } from '../../forms/ErrorSummary.tsx';
import { FormFields } from '../../forms/FormFields.tsx';
import { FormView } from '../../forms/FormView.tsx';
import { extentOf } from '../../forms/writable.ts';
import { useFormState } from '../../forms/state.ts';
import { DraftStatus, LeaveGuard } from '../../ui/DraftStatus.tsx';
import { stepsOf } from '../../ui/lanes.ts';
import { NoCalendar } from '../../ui/NoCalendar.tsx';
import { useText, useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';
import { ActionBar, type Contents } from './ActionBar.tsx';
import { RequestLayout } from './RequestLayout.tsx';
import { byForm } from './server-errors.ts';
import { VoteBar } from './VoteBar.tsx';

const NO_FORM: ClientForm = { schema: { type: 'object' }, data: {}, masked: [] };

interface Props {
  instance: Instance;
  task: TaskDetail;
  onActed: () => void;
}

/** A request with what the reader has to do: forms as the step allows, and the bar to decide with. */
export function TaskWork({ instance, task, onActed }: Props) {
  const words = useWords();
  const text = useText();
  const prefix = useId();
  const [comment, setComment] = useState(task.draft?.body.comment ?? '');
  const [minutes, setMinutes] = useState(task.draft?.body.minutes ?? '');
  const [objection, setObjection] = useState<string>();
  const main = useFormState(task.form, task.draft?.body.form);
  const own = useFormState(task.own_form ?? NO_FORM, task.draft?.body.data);
  const extent = useMemo(() => extentOf(task.form), [task.form]);
  const editable = extent !== 'none';
  const seen = useSeenVersion(task.version);

  const body = useMemo<DraftBody>(
    () => ({
      ...(editable ? { form: main.data } : {}),
      ...(task.own_form ? { data: own.data } : {}),
      ...(comment ? { comment } : {}),
      ...(minutes ? { minutes } : {}),
    }),
    [editable, task.own_form, main.data, own.data, comment, minutes],
  );
  const draft = useDraft({
    key: `task:${instance.id}:${task.task}`,
    body,
    changed: main.changed || own.changed || comment !== (task.draft?.body.comment ?? '') || minutes !== (task.draft?.body.minutes ?? ''),
    version: task.draft?.version,
    load: ({ body: newer }) => {
      if (newer.form) main.replace(newer.form);
      if (newer.data) own.replace(newer.data);
      setComment(newer.comment ?? '');
      setMinutes(newer.minutes ?? '');
    },
  });

  const contents: Contents = {
    ...(editable ? { form: main.settled } : {}),
    ...(task.own_form ? { data: own.settled } : {}),
  };
  const validate = () => {
    const first = main.validate();
    return own.validate() && first;
  };
  const refuse = (errors: ProblemError[]) => {
    const split = byForm(errors, task.own_form ? own.model : null);
    main.refuse(split.form);
    own.refuse(split.data);
  };

  const shared = {
    instance,
    task,
    refuse,
    object: setObjection,
    errorAt: `${prefix}-errors`,
    onActed: () => {
      draft.stop();
      onActed();
    },
    status: <DraftStatus draft={draft} />,
  };

  const lead = (
    <>
      <TaskReason task={task} route={instance.route} />
      {seen.changed ? (
        <div className="notice warning" role="status">
          <SyncOutlined />
          <div>
            <strong>{words.problems.stale}</strong>
            <p>{words.problems.staleHint}</p>
          </div>
        </div>
      ) : null}
      <LeaveGuard draft={draft} />
    </>
  );

  return (
    <RequestLayout
      instance={instance}
      lead={lead}
      bar={
        task.vote ? (
          <VoteBar
            {...shared}
            vote={task.vote}
            comment={comment}
            setComment={setComment}
            minutes={minutes}
            setMinutes={setMinutes}
          />
        ) : (
          <ActionBar {...shared} comment={comment} setComment={setComment} contents={contents} validate={validate} />
        )
      }
    >
      <div id={`${prefix}-errors`} className="errors-anchor">
        <ErrorSummary state={main} prefix={`${prefix}m`} />
        <ErrorSummary state={own} prefix={`${prefix}o`} />
        <Objection text={objection} />
      </div>
      {extent === 'some' ? (
        <section className="card my-form">
          <h2>{words.act.toFill}</h2>
          <FormFields state={main} prefix={`${prefix}m`} writable />
        </section>
      ) : null}
      {task.own_form ? (
        <section className="card my-form">
          <h2>{own.model.title ? text(own.model.title) : text(task.step_title)}</h2>
          <FormFields state={own} prefix={`${prefix}o`} />
        </section>
      ) : null}
      <section className={extent === 'whole' ? 'card my-form' : 'card'}>
        <h2>{words.request.form}</h2>
        {extent === 'whole' ? <FormFields state={main} prefix={`${prefix}m`} /> : <FormView form={task.form} filledBeside />}
      </section>
    </RequestLayout>
  );
}

/** Why this is on the reader's desk, and until when. */
function TaskReason({ task, route }: { task: TaskDetail; route: RouteNode[] }) {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  const returned = task.kind === 'resubmit' ? lastReturn(route) : undefined;
  const others = task.colleagues.filter((colleague) => colleague.state !== 'cancelled');
  return (
    <div className="notice my-turn">
      <InfoCircleOutlined />
      <div>
        <strong>
          {words.act.myTurn}
          {words.common.colon}
          {text(task.step_title)}
        </strong>
        {task.acts_for ? <p className="acts-for">{words.act.actsFor(task.acts_for.name)}</p> : null}
        <p>
          {task.acts_for ? words.act.whyThem(task.acts_for.name) : words.request.why}
          {words.common.colon}
          {text(task.reason)}
          {others.length > 0
            ? ` · ${words.act.colleagues}${words.common.colon}${others.map((other) => other.person.name + words.common.paren(words.step.person[stateOf(task, other.state)])).join(words.common.join)}`
            : ''}
        </p>
        {returned?.comment ? (
          <blockquote>
            <strong>{returned.person.name}</strong>
            {words.common.colon}
            {returned.comment}
          </blockquote>
        ) : null}
      </div>
      {task.no_calendar_year ? (
        <NoCalendar year={task.no_calendar_year} pill />
      ) : task.due_at ? (
        <span className={task.overdue ? 'pill bad' : 'pill'}>
          {task.overdue ? formats.lateness(task.due_at) : formats.due(task.due_at)}
        </span>
      ) : null}
    </div>
  );
}

/** What somebody else at the step did, in the words of its kind. */
function stateOf(task: TaskDetail, state: RoutePersonState): RoutePersonState {
  if (state !== 'approved') return state;
  return task.kind === 'vote' ? 'voted_yes' : task.kind === 'fill' ? 'filled' : state;
}

/** Who sent it back last, and what they said. */
function lastReturn(route: RouteNode[]): RoutePerson | undefined {
  const returns = stepsOf(route).flatMap((step) => step.people.filter((entry) => entry.state === 'returned'));
  return returns.sort((a, b) => (b.at ?? '').localeCompare(a.at ?? ''))[0];
}

/** Notices when the task on screen becomes another version while it is being read. */
function useSeenVersion(version: number): { changed: boolean } {
  const [first] = useState(version);
  return { changed: version !== first };
}
