import type { TaskSummary } from '../../api/types.ts';

/** The name of a task in the address. */
export function nameOf(task: Pick<TaskSummary, 'instance' | 'task'>): string {
  return `${task.instance}~${task.task}`;
}

/** What a name in the address means. */
export function named(name: string | undefined): Pick<TaskSummary, 'instance' | 'task'> | undefined {
  const [, instance, task] = /^(.+)~(\d+)$/.exec(name ?? '') ?? [];
  return instance === undefined ? undefined : { instance, task: Number(task) };
}

/** The task of that name, if it is in the list. */
export function find(tasks: TaskSummary[], name: string | undefined): TaskSummary | undefined {
  return tasks.find((task) => nameOf(task) === name);
}

/** The name of the task so many places further, staying at the ends. */
export function step(tasks: TaskSummary[], from: TaskSummary | undefined, by: number): string | undefined {
  const at = from ? tasks.indexOf(from) : -1;
  const to = tasks[Math.min(Math.max(at + by, 0), tasks.length - 1)];
  return to && nameOf(to);
}

/** The task to turn to once this one is decided: the one after it, or else the one before. */
export function after(tasks: TaskSummary[], decided: TaskSummary): string | undefined {
  const at = tasks.indexOf(decided);
  const to = tasks[at + 1] ?? tasks[at - 1];
  return to && nameOf(to);
}
