import type { JsonObject, Person, RouteNode, RoutePerson, RouteStep, Text, TimelineEntry } from '../src/api/types.ts';
import { BALLOTS, isBallot, tallyOf, verdictOf } from './votes.ts';
import { clientForm, lastVisit, t, type Company, type Flow, type Instance, type Step, type Task, type Visit } from './model.ts';

const KINDS: Record<string, string> = {
  approve: 'approved',
  fill: 'filled',
  resubmit: 'resubmitted',
  reject: 'rejected',
  return: 'returned',
};

/** A flow walked in memory: enough of the real engine to try every screen. */
export class Engine {
  constructor(private readonly company: Company) {}

  flow(name: string): Flow {
    const flow = this.company.flows.find((candidate) => candidate.flow === name);
    if (!flow) throw new Error(`no flow ${name}`);
    return flow;
  }

  person(id: string): Person {
    const found = this.company.people.find((person) => person.id === id);
    return { id, name: found?.name ?? id };
  }

  start(instance: Instance, at: string): void {
    this.log(instance, at, instance.initiator, 'submitted', t('提交了申请', 'submitted the request'), this.flow(instance.flow).start_title);
    instance.visits.push({
      step: 'start',
      state: 'done',
      round: 1,
      opened_at: at,
      closed_at: at,
      people: [{ person: this.person(instance.initiator), state: 'filled', reason: t('发起人', 'Initiator'), at }],
    });
    this.walk(instance, 0, at, 1);
  }

  /** Does one action of a person on a task. */
  act(instance: Instance, task: Task, action: string, body: JsonObject, at: string): void {
    const step = this.stepOf(instance, task.step);
    const comment = typeof body['comment'] === 'string' && body['comment'] ? body['comment'] : undefined;
    const by = task.person;
    if (isObject(body['form'])) this.change(instance, body['form'], by, at, step?.title ?? t('修改', 'Revision'), comment);
    const title = step?.title ?? t('修改', 'Revision');
    const index = this.steps(instance).findIndex((candidate) => candidate.step === task.step);
    const visit = lastVisit(instance, task.step);
    if (action === 'vote') return this.vote(instance, task, body, at, comment);
    if (action === 'transfer') return this.transfer(instance, task, String(body['to']), at, comment);
    this.close(instance, task, outcomeOf(action), at);
    this.mark(visit, by, action, at, comment);
    this.log(instance, at, by, KINDS[action] ?? action, outcomeOf(action), title, comment);
    if (action === 'resubmit') return this.resubmit(instance, at);
    if (action === 'reject') return this.end(instance, visit, 'rejected', at);
    if (action === 'return') return this.giveBack(instance, visit, task, body, at);
    if (visit) Object.assign(visit, { state: 'done', closed_at: at });
    if (action === 'fill' && step?.own_form && isObject(body['data'])) {
      instance.results.push({
        name: step.own_form.into,
        title: step.own_form.title,
        kind: 'form',
        by: this.person(by),
        at,
        form: clientForm(step.own_form.schema, body['data'], { others: 'readonly' }),
      });
    }
    this.walk(instance, index + 1, at, visit?.round ?? 1);
  }

  private vote(instance: Instance, task: Task, body: JsonObject, at: string, comment: string | undefined): void {
    const step = this.stepOf(instance, task.step);
    const visit = lastVisit(instance, task.step);
    if (!step?.vote || !visit || !isBallot(body['ballot'])) return;
    const { state, said } = BALLOTS[body['ballot']];
    const mine = visit.people.find((entry) => entry.person.id === task.person);
    if (mine) Object.assign(mine, { state, at, ...(comment ? { comment } : {}) });
    Object.assign(task, { closed_at: at, outcome: said });
    this.log(instance, at, task.person, 'voted', said, step.title, comment);
    const tally = tallyOf(instance, task);
    if (!tally) return;
    this.close(instance, task, said, at);
    this.log(instance, at, task.person, 'decided', verdictOf(tally), step.title);
    instance.results.push({ kind: 'vote', name: step.vote.into, title: step.title, tally, minutes: [], at });
    if (!tally.passed) return this.end(instance, visit, 'rejected', at);
    Object.assign(visit, { state: 'done', closed_at: at });
    this.walk(instance, this.steps(instance).indexOf(step) + 1, at, visit.round);
  }

  end(instance: Instance, visit: Visit | undefined, status: Instance['status'], at: string): void {
    for (const open of instance.tasks.filter((task) => !task.closed_at)) this.close(instance, open, t('已取消', 'cancelled'), at);
    for (const open of instance.visits.filter((candidate) => candidate.state === 'open')) open.state = 'skipped';
    if (visit && status === 'rejected') Object.assign(visit, { state: 'rejected', closed_at: at });
    Object.assign(instance, { status, ended_at: at });
  }

  /** The way of an instance, or of a form that is not submitted yet. */
  route(flow: Flow, form: JsonObject, initiator: string, instance?: Instance): RouteNode[] {
    const started: RouteStep = this.node(
      instance?.visits.find((visit) => visit.step === 'start'),
      {
        step: 'start',
        title: flow.start_title,
        kind: 'start',
      },
      initiator,
      instance !== undefined,
    );
    const nodes: RouteNode[] = [started];
    for (const step of flow.steps) {
      const visit = lastVisit(instance, step.step);
      const node = this.node(visit, step, initiator, instance !== undefined);
      const taken = step.when ? step.when(form) : true;
      if (!step.when) nodes.push(node);
      else {
        const label = step.label ?? t('条件', 'Condition');
        const known = form['amount'] === undefined ? null : taken;
        nodes.push({
          type: 'choose',
          branches: [
            {
              label,
              taken: known,
              nodes: [
                taken || known === null
                  ? node
                  : { ...node, state: 'skipped', people: [], reason: t('条件不成立', 'The condition does not hold') },
              ],
            },
            { label: t('其他情况', 'Otherwise'), taken: known === null ? null : !known, nodes: [] },
          ],
        });
      }
    }
    return nodes;
  }

  holders(step: Step, initiator: string): { id: string; reason: Text }[] {
    const role = this.company.roles[step.by ?? ''];
    const people = this.company.people.filter(
      (person) => person.active && step.by && person.roles.includes(step.by) && person.id !== initiator,
    );
    return people.map((person) => ({
      id: person.id,
      reason: t(`担任${role?.zh ?? ''}`, `Holds the role ${role?.en ?? ''}`),
    }));
  }

  steps(instance: Instance): Step[] {
    return this.flow(instance.flow).steps.filter((step) => !step.when || step.when(instance.form));
  }

  stepOf(instance: Instance, name: string): Step | undefined {
    return this.flow(instance.flow).steps.find((step) => step.step === name);
  }

  comment(instance: Instance, by: string, text: string, at: string): void {
    this.log(instance, at, by, 'commented', t('评论', 'Commented'), undefined, text);
  }

  log(instance: Instance, at: string, by: string | null, kind: string, text: Text, title?: Text, comment?: string): TimelineEntry {
    const entry: TimelineEntry = {
      number: instance.timeline.length + 1,
      at,
      kind,
      text,
      actor: by ? { kind: 'person', person: this.person(by) } : { kind: 'system' },
      ...(title ? { step_title: title } : {}),
      ...(comment ? { comment } : {}),
    };
    instance.timeline.push(entry);
    instance.version += 1;
    return entry;
  }

  private walk(instance: Instance, from: number, at: string, round: number): void {
    const steps = this.steps(instance);
    for (const [index, step] of steps.entries()) {
      if (index < from) continue;
      if (isHuman(step.kind)) return this.open(instance, step, at, round);
      this.machine(instance, step, at);
    }
    Object.assign(instance, { status: 'archived', ended_at: at, archived_at: at, copies: this.flow(instance.flow).copies });
    this.log(instance, at, null, 'ended', t('归档', 'Archived'));
  }

  private machine(instance: Instance, step: Step, at: string): void {
    instance.visits.push({ step: step.step, state: 'done', people: [], opened_at: at, closed_at: at, round: 1 });
    if (step.policy) {
      const { result, explanation } = step.policy(instance);
      instance.results.push({ ...result, at });
      instance.explanations[result.visit] = explanation;
    }
    this.log(instance, at, null, 'machine_done', t('自动步骤完成', 'Done automatically'), step.title);
  }

  private open(instance: Instance, step: Step, at: string, round: number): void {
    const holders = this.holders(step, instance.initiator);
    const visit: Visit = { step: step.step, state: 'open', people: [], opened_at: at, round };
    instance.visits.push(visit);
    for (const holder of holders) {
      visit.people.push({ person: this.person(holder.id), state: 'open', reason: holder.reason });
      const due = step.due_hours ? new Date(Date.parse(at) + step.due_hours * 3_600_000).toISOString() : undefined;
      instance.tasks.push({
        task: instance.tasks.length + 1,
        version: 1,
        step: step.step,
        kind: step.kind === 'fill' || step.kind === 'vote' ? step.kind : 'approve',
        person: holder.id,
        reason: holder.reason,
        opened_at: at,
        ...(due ? { due_at: due } : {}),
      });
      this.asked(instance, holder.id, step.title, holder.reason, at);
    }
    if (holders.length === 0) {
      instance.incidents.push({
        incident: 1,
        step_title: step.title,
        text: t('没有人可以处理这一步', 'Nobody can handle this step'),
        opened_at: at,
        can_retry: true,
      });
      visit.state = 'failed';
    }
  }

  private asked(instance: Instance, person: string, title: Text, reason: Text, at: string): void {
    const { name } = this.person(person);
    this.log(instance, at, null, 'task_opened', t(`等待${name}处理`, `Asked ${name}`), title).reason = reason;
  }

  private close(instance: Instance, task: Task, outcome: Text, at: string): void {
    Object.assign(task, { closed_at: at, outcome });
    // One decision is enough: the others at the step no longer have to act.
    for (const other of instance.tasks) {
      if (other.step === task.step && !other.closed_at) {
        Object.assign(other, { closed_at: at, outcome: t('他人已处理', 'handled by somebody else') });
        const visit = lastVisit(instance, task.step);
        const entry = visit?.people.find((candidate) => candidate.person.id === other.person);
        if (entry) entry.state = 'cancelled';
      }
    }
  }

  private mark(visit: Visit | undefined, by: string, action: string, at: string, comment: string | undefined): void {
    const entry = visit?.people.find((candidate) => candidate.person.id === by);
    const states: Record<string, RoutePerson['state']> = {
      approve: 'approved',
      reject: 'rejected',
      return: 'returned',
      fill: 'filled',
      resubmit: 'filled',
    };
    if (entry) Object.assign(entry, { state: states[action] ?? 'approved', at, ...(comment ? { comment } : {}) });
  }

  private transfer(instance: Instance, task: Task, to: string, at: string, comment: string | undefined): void {
    const from = task.person;
    const visit = lastVisit(instance, task.step);
    this.mark(visit, from, 'return', at, comment);
    const entry = visit?.people.find((candidate) => candidate.person.id === from);
    if (entry) entry.state = 'transferred';
    const reason = t(`${this.person(from).name}转交`, `Transferred by ${this.person(from).name}`);
    visit?.people.push({ person: this.person(to), state: 'open', reason });
    Object.assign(task, { closed_at: at, outcome: t('已转交', 'transferred') });
    instance.tasks.push({
      ...task,
      task: instance.tasks.length + 1,
      version: 1,
      person: to,
      reason,
      opened_at: at,
      closed_at: undefined as never,
      outcome: undefined as never,
    });
    this.log(
      instance,
      at,
      from,
      'transferred',
      t(`转交给${this.person(to).name}`, `transferred to ${this.person(to).name}`),
      this.stepOf(instance, task.step)?.title,
      comment,
    );
  }

  private giveBack(instance: Instance, visit: Visit | undefined, task: Task, body: JsonObject, at: string): void {
    if (visit) Object.assign(visit, { state: 'returned', closed_at: at });
    const then = body['then'] === 'direct' ? 'direct' : 'restart';
    const to = String(body['to'] ?? 'initiator');
    if (to === 'initiator') {
      instance.after_return = { step: task.step, then };
      const reason = t('申请被退回，请你修改', 'It was returned to you for changes');
      instance.visits.push({
        step: 'revise',
        state: 'open',
        round: (visit?.round ?? 1) + 1,
        opened_at: at,
        people: [{ person: this.person(instance.initiator), state: 'open', reason }],
      });
      instance.tasks.push({
        task: instance.tasks.length + 1,
        version: 1,
        step: 'revise',
        kind: 'resubmit',
        person: instance.initiator,
        reason,
        opened_at: at,
      });
      this.asked(instance, instance.initiator, t('修改后重新提交', 'Revise and resubmit'), reason, at);
      return;
    }
    const steps = this.steps(instance);
    const index = steps.findIndex(
      (step) =>
        `step:${step.step}` === to || (to === 'previous' && steps.indexOf(step) === steps.findIndex((s) => s.step === task.step) - 1),
    );
    this.walk(instance, Math.max(index, 0), at, (visit?.round ?? 1) + 1);
  }

  private resubmit(instance: Instance, at: string): void {
    const back = instance.after_return;
    const visit = lastVisit(instance, 'revise');
    if (visit) Object.assign(visit, { state: 'done', closed_at: at });
    const index = back?.then === 'direct' ? this.steps(instance).findIndex((step) => step.step === back.step) : 0;
    delete instance.after_return;
    this.walk(instance, Math.max(index, 0), at, visit?.round ?? 2);
  }

  private change(instance: Instance, form: JsonObject, by: string, at: string, title: Text, comment: string | undefined): void {
    const properties = this.flow(instance.flow).schema['properties'];
    const changes = Object.keys(form)
      .filter((name) => JSON.stringify(form[name]) !== JSON.stringify(instance.form[name]))
      .map((name) => ({
        pointer: `/${name}`,
        title: titleOf(properties, name),
        before: plain(instance.form[name]),
        after: plain(form[name]),
      }));
    instance.form = { ...instance.form, ...form };
    if (changes.length > 0) this.log(instance, at, by, 'form_changed', t('修改了表单', 'Changed the form'), title, comment).changes = changes;
  }

  private node(
    visit: Visit | undefined,
    step: Pick<Step, 'step' | 'title' | 'kind' | 'by' | 'decide'>,
    initiator: string,
    started: boolean,
  ): RouteStep {
    const expected =
      step.kind === 'start' && !started ? [{ id: initiator, reason: t('发起人', 'Initiator') }] : this.holders(step, initiator);
    const human = isHuman(step.kind);
    const people: RoutePerson[] =
      visit?.people ?? expected.map(({ id, reason }) => ({ person: this.person(id), state: 'expected', reason }));
    return {
      type: 'step',
      step: step.step,
      title: step.title,
      kind: step.kind,
      state: visit?.state ?? 'waiting',
      people,
      ...(human ? { decide: step.decide ?? 'any' } : {}),
      ...(visit?.opened_at ? { opened_at: visit.opened_at } : {}),
      ...(visit?.closed_at ? { closed_at: visit.closed_at } : {}),
      ...(visit && visit.round > 1 ? { round: visit.round } : {}),
      ...(human && people.length === 0 ? { nobody: true, reason: t('没有人担任这个角色', 'Nobody holds this role') } : {}),
    };
  }
}

const isHuman = (kind: Step['kind']) => kind === 'approve' || kind === 'fill' || kind === 'vote';

function outcomeOf(action: string): Text {
  const texts: Record<string, Text> = {
    approve: t('同意', 'approved'),
    fill: t('填写完成', 'filled in'),
    resubmit: t('修改后重新提交', 'revised and resubmitted'),
    reject: t('驳回', 'rejected'),
    return: t('退回修改', 'returned for changes'),
    transfer: t('转交', 'transferred'),
  };
  return texts[action] ?? t(action, action);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function titleOf(properties: unknown, name: string): Text {
  const schema = isObject(properties) ? properties[name] : undefined;
  const english = isObject(schema) && isObject(schema['x-en']) ? schema['x-en']['title'] : undefined;
  return t(isObject(schema) ? String(schema['title'] ?? name) : name, String(english ?? name));
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
}
