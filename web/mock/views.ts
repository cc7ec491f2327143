import type { Instance as InstanceAnswer, InstanceSummary, Page, TaskDetail, TaskSummary, Text, TimelineEntry } from '../src/api/types.ts';
import type { Engine } from './engine.ts';
import { clientForm, lastVisit, t, type Instance, type LoggedIn, type Task } from './model.ts';
import { voteOf } from './votes.ts';
import type { World } from './world.ts';

const STATUS: Record<Instance['status'], Text> = {
  running: t('审批中', 'Running'),
  archived: t('已归档', 'Archived'),
  completed: t('已完成', 'Completed'),
  rejected: t('已驳回', 'Rejected'),
  withdrawn: t('已撤回', 'Withdrawn'),
  cancelled: t('已作废', 'Voided'),
};

export const statusText = (instance: Instance): Text => STATUS[instance.status];

export function overdue(task: Task, now: Date): boolean {
  return !task.closed_at && task.due_at !== undefined && Date.parse(task.due_at) < now.getTime();
}

export function taskSummary(world: World, engine: Engine, instance: Instance, task: Task): TaskSummary {
  const flow = engine.flow(instance.flow);
  return {
    instance: instance.id,
    task: task.task,
    version: task.version,
    flow: flow.flow,
    flow_title: flow.title,
    step: task.step,
    step_title: stepTitle(engine, instance, task),
    kind: task.kind,
    number: instance.number,
    initiator: engine.person(instance.initiator),
    ...(instance.period ? { period: instance.period } : {}),
    opened_at: task.opened_at,
    ...(task.due_at ? { due_at: task.due_at } : {}),
    overdue: overdue(task, world.now()),
    reason: task.reason,
    highlights: flow.highlights(instance.form),
    ...(task.outcome ? { outcome: task.outcome } : {}),
    ...(task.closed_at ? { closed_at: task.closed_at } : {}),
  };
}

export function instanceSummary(engine: Engine, instance: Instance): InstanceSummary {
  const open = instance.tasks.filter((task) => !task.closed_at);
  const steps = [...new Set(open.map((task) => task.step))];
  return {
    id: instance.id,
    number: instance.number,
    flow: instance.flow,
    title: engine.flow(instance.flow).title,
    status: instance.status,
    status_text: statusText(instance),
    initiator: engine.person(instance.initiator),
    ...(instance.period ? { period: instance.period } : {}),
    started_at: instance.started_at,
    ...(instance.ended_at ? { ended_at: instance.ended_at } : {}),
    highlights: engine.flow(instance.flow).highlights(instance.form),
    waiting: steps.map((step) => ({
      step_title: stepTitle(engine, instance, { step }),
      people: open.filter((task) => task.step === step).map((task) => engine.person(task.person)),
    })),
    has_incident: instance.incidents.length > 0,
  };
}

export function instanceAnswer(world: World, engine: Engine, instance: Instance, me: LoggedIn): InstanceAnswer {
  const flow = engine.flow(instance.flow);
  const mine = instance.tasks.filter((task) => task.person === me.person.id && !task.closed_at);
  const running = instance.status === 'running';
  const timeline = timelinePage(instance);
  return {
    ...instanceSummary(engine, instance),
    release: '7f3a9c21d0',
    version: instance.version,
    form: {
      ...clientForm(flow.schema, instance.form, { others: 'readonly' }),
      ...maskedFor(instance, me),
    },
    results: instance.results,
    route: engine.route(flow, instance.form, instance.initiator, instance),
    timeline: timeline.items,
    ...(timeline.next ? { timeline_next: timeline.next } : {}),
    my_tasks: mine.map((task) => taskDetail(world, engine, instance, task, me)),
    actions: [
      'comment',
      ...(running && instance.initiator === me.person.id ? (['withdraw'] as const) : []),
      ...(running && me.person.can.includes('incidents') ? (['cancel'] as const) : []),
    ],
    incidents: instance.incidents,
    ...(instance.archived_at
      ? {
          archive: {
            copies: instance.copies,
            archived_at: instance.archived_at,
            keep_until: `${Number(instance.archived_at.slice(0, 4)) + 10}-12-31`,
          },
        }
      : {}),
  };
}

/** Entries of a page of the timeline; few, so that pages can be tried. */
const ENTRIES = 30;

/** What happened before a number, oldest first. */
export function timelinePage(instance: Instance, before = Infinity): Page<TimelineEntry> {
  const earlier = instance.timeline.filter((entry) => entry.number < before);
  const items = earlier.slice(-ENTRIES);
  return { items, next: earlier.length > items.length ? String(items[0]?.number) : null };
}

/** Who is not part of the request may not see phone numbers. */
function maskedFor(instance: Instance, me: LoggedIn) {
  const part = instance.initiator === me.person.id || instance.tasks.some((task) => task.person === me.person.id);
  if (part || !('phone' in instance.form)) return {};
  return { data: { ...instance.form, phone: null }, masked: ['/phone'] };
}

function taskDetail(world: World, engine: Engine, instance: Instance, task: Task, me: LoggedIn): TaskDetail {
  const flow = engine.flow(instance.flow);
  const step = engine.stepOf(instance, task.step);
  const resubmit = task.kind === 'resubmit';
  const visit = lastVisit(instance, task.step);
  const draft = world.drafts.get(`${me.company.id}/${me.person.id}/task:${instance.id}:${task.task}`);
  const previous = engine.steps(instance).findIndex((candidate) => candidate.step === task.step) - 1;
  const before = engine.steps(instance)[previous];
  const vote = voteOf(instance, step);
  return {
    task: task.task,
    version: task.version,
    step: task.step,
    step_title: stepTitle(engine, instance, task),
    kind: task.kind,
    reason: task.reason,
    opened_at: task.opened_at,
    ...(task.due_at ? { due_at: task.due_at } : {}),
    overdue: overdue(task, world.now()),
    form: clientForm(flow.schema, instance.form, {
      others: resubmit ? 'editable' : 'readonly',
      named: step?.rights ?? { opinion: 'readonly' },
    }),
    ...(step?.own_form ? { own_form: clientForm(step.own_form.schema, {}, { others: 'editable' }) } : {}),
    ...(vote ? { vote } : {}),
    ...(draft ? { draft } : {}),
    actions: resubmit ? ['resubmit'] : vote ? ['vote'] : [task.kind, 'reject', 'return', 'transfer'],
    comment_required: { reject: true, return: true },
    return_targets: [
      {
        to: 'initiator',
        title: t(`发起人 ${engine.person(instance.initiator).name}`, `Initiator ${engine.person(instance.initiator).name}`),
      },
      ...(before ? [{ to: `step:${before.step}`, title: before.title }] : []),
    ],
    colleagues: (visit?.people ?? []).filter((entry) => entry.person.id !== task.person).map(({ person, state }) => ({ person, state })),
  };
}

function stepTitle(engine: Engine, instance: Instance, task: { step: string }): Text {
  return engine.stepOf(instance, task.step)?.title ?? t('修改后重新提交', 'Revise and resubmit');
}
