import { aboutOf, chosen, filled, offered } from './about.ts';
import { substitutes } from './substitutes.ts';
import { admin } from './admin.ts';
import { calendar } from './calendar.ts';
import { balances } from './balances.ts';
import type { JsonObject, Language } from '../src/api/types.ts';
import { isObject } from './engine.ts';
import { clientForm, t, type Instance, type LoggedIn, type Task } from './model.ts';
import { noContent, ok, paged, problem, Refused } from './answers.ts';
import { instanceAnswer, instanceSummary, overdue, statusText, taskSummary, timelinePage } from './views.ts';
import { World } from './world.ts';

/** The password of everybody in the made-up companies. */
export const PASSWORD = 'zhupi-demo-password';

export interface Hint {
  what: 'tasks' | 'instance' | 'session';
  id?: string;
}

export interface Call {
  parts: string[];
  query: URLSearchParams;
  request: Request;
  body: JsonObject;
  bytes: Uint8Array<ArrayBuffer>;
}

/** The stand-in for the server: the HTTP API over two made-up companies, in memory. */
export class MockApi {
  readonly world: World;
  private readonly listeners = new Set<(hint: Hint) => void>();

  constructor(private readonly now: () => Date) {
    this.world = new World(now);
  }

  onChange(listener: (hint: Hint) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async handle(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const bytes = new Uint8Array(await request.arrayBuffer());
    const call: Call = {
      parts: url.pathname
        .replace(/^\/api\/v1\//, '')
        .split('/')
        .map(decodeURIComponent),
      query: url.searchParams,
      request,
      bytes,
      body: (request.headers.get('Content-Type') ?? '').includes('json') ? readObject(bytes) : {},
    };
    const intent = request.method === 'GET' ? null : request.headers.get('Idempotency-Key');
    const before = intent ? this.world.answered.get(intent) : undefined;
    if (before) return new Response(before.body || null, { status: before.status, headers: before.headers });
    if (request.method !== 'GET' && !intent) return problem(400, 'idempotency_key_missing', 'Idempotency-Key is missing');
    const answer = this.answer(call);
    if (intent && answer.status < 500) {
      this.world.answered.set(intent, { status: answer.status, body: await answer.clone().text(), headers: [...answer.headers] });
    }
    return answer;
  }

  private answer(call: Call): Response {
    try {
      return this.open(call) ?? this.known(call, this.who(call.request)) ?? problem(404, 'not_found', '找不到');
    } catch (error) {
      if (error instanceof Refused) return error.response;
      throw error;
    }
  }

  /** What needs no session. */
  private open({ parts: [first, second], request, body }: Call): Response | null {
    const route = `${request.method} ${first}`;
    if (route === 'GET setup') return ok({ needed: false });
    if (route === 'POST setup') return this.session({ company: 'pharma', login: 'admin', password: PASSWORD });
    if (route === 'POST session' && !second) return this.session(body);
    if (route === 'GET password-resets') {
      if (second !== 'good') return problem(410, 'link_expired', '重置链接已失效');
      return ok({ person: { name: '周敏' }, company: { id: 'pharma', name: '华康医药有限公司' }, login: 'zhou' });
    }
    if (route === 'POST password-resets') return this.session({ company: 'pharma', login: 'zhou', password: PASSWORD });
    return null;
  }

  private session(body: JsonObject): Response {
    const company = this.world.company(String(body['company']));
    const person = company?.people.find((candidate) => candidate.login === body['login'] && candidate.active);
    if (!company || !person || body['password'] !== PASSWORD) {
      this.world.failedLogins += 1;
      if (this.world.failedLogins % 5 === 0) return problem(429, 'too_many_attempts', '尝试次数过多', { retry_after: 20 });
      return problem(401, 'login_failed', '公司、账号或密码不正确');
    }
    const token = `${company.id}.${person.id}`;
    this.world.sessions.set(token, { company: company.id, person: person.id });
    const answer = ok(this.sessionBody({ company, person, language: this.languageOf(token) }));
    answer.headers.set('Set-Cookie', `mock=${token}; Path=/; HttpOnly; SameSite=Lax`);
    return answer;
  }

  private languageOf(token: string): Language {
    return this.world.languages.get(token) ?? 'zh';
  }

  private who(request: Request): LoggedIn {
    const token = /(?:^|; )mock=([^;]+)/.exec(request.headers.get('Cookie') ?? '')?.[1] ?? '';
    const company = this.world.company(token.split('.')[0] ?? '');
    const person = company?.people.find((candidate) => candidate.id === token.split('.')[1]);
    if (!company || !person) throw new Refused(problem(401, 'not_logged_in', '请先登录'));
    return { company, person, language: this.languageOf(token) };
  }

  private sessionBody(me: LoggedIn): unknown {
    return {
      person: { id: me.person.id, name: me.person.name },
      company: { id: me.company.id, name: me.company.name },
      roles: me.person.roles.map((role) => ({ role, title: me.company.roles[role] })),
      can: me.person.can,
      language: me.language,
      time_zone: 'Asia/Shanghai',
    };
  }

  /** What somebody who is logged in may ask. */
  private known(call: Call, me: LoggedIn): Response | null {
    const [first, second, third] = call.parts;
    const method = call.request.method;
    switch (first) {
      case 'session':
        return this.ownSession(call, me);
      case 'flows':
        return this.flows(call, me);
      case 'drafts':
        return this.draft(`${me.company.id}/${me.person.id}/${second ?? ''}`, call);
      case 'tasks':
        return this.tasks(call, me);
      case 'instances':
        if (!second) return method === 'POST' ? this.submit(call, me) : this.instances(call, me);
        return this.instance(this.find(second, me), call, me);
      case 'balances':
        return balances(this.world, call, me);
      case 'files':
        return third === 'info' || method === 'GET' ? this.file(second ?? '', third) : this.upload(call);
      case 'people':
        return this.people(call, me);
      case 'departments':
        return ok({ items: me.company.departments });
      case 'calendar':
        return calendar(this.now(), call, me);
      case 'substitutes':
        return substitutes(this.world, me.person.id, call, me);
      case 'admin':
        if (second === 'people' && call.parts[3] === 'substitutes') {
          return substitutes(this.world, third ?? '', call, me);
        }
        return admin(this.world, this.now(), call, me);
      default:
        return null;
    }
  }

  private ownSession({ parts: [, second], request, body }: Call, me: LoggedIn): Response | null {
    const token = `${me.company.id}.${me.person.id}`;
    if (request.method === 'GET') return ok(this.sessionBody(me));
    if (request.method === 'DELETE') {
      const answer = noContent();
      answer.headers.set('Set-Cookie', 'mock=; Path=/; Max-Age=0');
      return answer;
    }
    if (second === 'language') this.world.languages.set(token, body['language'] === 'en' ? 'en' : 'zh');
    if (second === 'password') {
      if (body['old'] !== PASSWORD) return problem(422, 'password_wrong', '当前密码不正确');
      if (String(body['new']).length < 12) return problem(422, 'password_too_short', '密码至少 12 个字符');
      if (/^(123|password)/.test(String(body['new']))) return problem(422, 'password_too_common', '这个密码太常见，请换一个');
    }
    return noContent();
  }

  private flows({ parts: [, name, what], query, body }: Call, me: LoggedIn): Response | null {
    const may = me.company.flows.filter((flow) => flow.start_by.some((role) => me.person.roles.includes(role)));
    if (!name) return ok({ items: may.map(({ flow, title, description }) => ({ flow, title, description })) });
    const flow = may.find((candidate) => candidate.flow === name);
    if (!flow) return problem(404, 'not_found', '没有这个流程，或者你不能发起');
    const engine = this.world.engine(me.company.id);
    const form = isObject(body['form']) ? body['form'] : {};
    if (what === 'preview') return ok({ route: engine.route(flow, form, me.person.id) });
    const asked = aboutOf(query);
    const given = asked ? chosen(flow, asked, me).form : {};
    const draft = asked ? undefined : this.world.drafts.get(`${me.company.id}/${me.person.id}/start:${flow.flow}`);
    const readonly = Object.fromEntries(Object.keys(given).map((field) => [field, 'readonly' as const]));
    const rights = { others: 'editable' as const, named: { opinion: 'hidden' as const, ...readonly } };
    return ok({
      flow: flow.flow,
      title: flow.title,
      start_title: flow.start_title,
      route: engine.route(flow, given, me.person.id),
      form: clientForm(flow.schema, { ...flow.initial, ...given }, rights),
      ...offered(this.world, flow, me),
      ...(flow.period ? { period: { kind: flow.period, suggested: ['2026-12', '2026-11', '2027-01'] } } : {}),
      ...(draft ? { draft } : {}),
    });
  }

  private draft(key: string, { request, body }: Call): Response {
    const draft = this.world.drafts.get(key);
    if (request.method === 'GET') return draft ? ok(draft) : problem(404, 'not_found', '没有草稿');
    if (request.method === 'DELETE') {
      this.world.drafts.delete(key);
      return noContent();
    }
    const expected = request.headers.get('If-Match');
    const fits = expected ? draft !== undefined && expected === JSON.stringify(draft.version) : draft === undefined;
    if (!fits) return problem(412, 'draft_changed', '草稿在别处改过了');
    const version = String(Number(draft?.version ?? 0) + 1);
    this.world.drafts.set(key, { body: isObject(body['body']) ? body['body'] : {}, version });
    return ok({ version }, 200, { ETag: JSON.stringify(version) });
  }

  private myTasks(me: LoggedIn): { instance: Instance; task: Task }[] {
    return this.world.instances
      .filter((instance) => instance.company === me.company.id)
      .flatMap((instance) => instance.tasks.filter((task) => task.person === me.person.id).map((task) => ({ instance, task })));
  }

  private tasks({ query }: Call, me: LoggedIn): Response {
    const now = this.now();
    const engine = this.world.engine(me.company.id);
    const all = this.myTasks(me);
    const open = all.filter(({ task }) => !task.closed_at);
    const wanted = (query.get('state') === 'done' ? all.filter(({ task }) => task.closed_at) : open)
      .filter(({ instance }) => !query.get('flow') || instance.flow === query.get('flow'))
      .filter(({ task }) => query.get('overdue') !== 'true' || overdue(task, now))
      .sort((a, b) => (a.task.due_at ?? '9').localeCompare(b.task.due_at ?? '9'));
    const items = wanted.map(({ instance, task }) => taskSummary(this.world, engine, instance, task));
    return ok({ ...paged(items, query), counts: { open: open.length, overdue: open.filter(({ task }) => overdue(task, now)).length } });
  }

  private find(id: string, me: LoggedIn): Instance {
    const found = this.world.instances.find((instance) => instance.id === id && instance.company === me.company.id);
    if (!found) throw new Refused(problem(404, 'not_found', '找不到这份申请，或者你没有查看权限'));
    return found;
  }

  private instances({ query }: Call, me: LoggedIn): Response {
    const engine = this.world.engine(me.company.id);
    const text = query.get('q')?.toLowerCase() ?? '';
    const handled = new Set(
      this.myTasks(me)
        .filter(({ task }) => task.closed_at)
        .map(({ instance }) => instance.id),
    );
    const wanted = this.world.instances
      .filter((instance) => instance.company === me.company.id)
      .filter((instance) => {
        if (query.get('view') === 'handled') return handled.has(instance.id);
        if (query.get('view') === 'readable') return true;
        return instance.initiator === me.person.id;
      })
      .filter((instance) => !query.get('status') || instance.status === query.get('status'))
      .filter((instance) => !query.get('flow') || instance.flow === query.get('flow'))
      .filter(
        (instance) =>
          text === '' ||
          JSON.stringify([instance.number, instance.form, engine.person(instance.initiator).name])
            .toLowerCase()
            .includes(text),
      )
      .sort((a, b) => b.started_at.localeCompare(a.started_at));
    const items = wanted.map((instance) => instanceSummary(engine, instance));
    return ok(paged(items, query));
  }

  private submit({ body }: Call, me: LoggedIn): Response {
    const { form, about } = filled(this.world, this.world.engine(me.company.id).flow(String(body['flow'])), body, me);
    if (form['customer_no'] === 'K-9999') {
      const errors = [{ pointer: '/customer_no', keyword: 'reference', message: '客户编号 K-9999 不在客户档案中' }];
      return problem(422, 'form_invalid', '有内容需要改正', { errors });
    }
    const period = typeof body['period'] === 'string' ? body['period'] : undefined;
    const instance = this.world.start(me.company, String(body['flow']), me.person.id, form, period, this.now().toISOString());
    if (about) instance.about = about;
    this.world.drafts.delete(`${me.company.id}/${me.person.id}/start:${instance.flow}`);
    this.tell(instance);
    return ok({ id: instance.id, number: instance.number }, 201);
  }

  private instance(instance: Instance, call: Call, me: LoggedIn): Response | null {
    const [, , what, number, action] = call.parts;
    const engine = this.world.engine(me.company.id);
    const at = this.now().toISOString();
    const { body } = call;
    if (!what) return ok(instanceAnswer(this.world, engine, instance, me));
    if (what === 'timeline') return ok(timelinePage(instance, Number(call.query.get('before') ?? Infinity)));
    if (what === 'explanations') {
      const explanation = instance.explanations[Number(number)];
      return explanation ? ok(explanation) : problem(404, 'not_found', '没有这项依据');
    }
    if (what === 'tasks') return this.act(instance, Number(number), action ?? '', body, me, at);
    if (what === 'comments') engine.comment(instance, me.person.id, String(body['text']), at);
    if (what === 'withdraw' || what === 'cancel') {
      const reason = typeof body['reason'] === 'string' ? body['reason'] : undefined;
      engine.end(instance, undefined, what === 'withdraw' ? 'withdrawn' : 'cancelled', at);
      engine.log(
        instance,
        at,
        me.person.id,
        what === 'withdraw' ? 'withdrawn' : 'cancelled',
        what === 'withdraw' ? t('撤回了申请', 'withdrew the request') : t('作废了申请', 'voided the request'),
        undefined,
        reason,
      );
    }
    if (what === 'incidents') {
      instance.incidents = instance.incidents.filter((incident) => incident.incident !== Number(number));
      engine.log(instance, at, me.person.id, 'incident_closed', t('异常已处理', 'The incident is dealt with'));
    }
    this.tell(instance);
    return ok({});
  }

  private act(instance: Instance, number: number, action: string, body: JsonObject, me: LoggedIn, at: string): Response {
    const engine = this.world.engine(me.company.id);
    const task = instance.tasks.find((candidate) => candidate.task === number);
    if (task?.person !== me.person.id) return problem(403, 'not_yours', '这不是你的待办');
    if (task.closed_at) return problem(409, 'task_closed', `这项待办已处理：${task.outcome?.zh ?? ''}`);
    if (body['version'] !== task.version) return problem(409, 'task_changed', '申请内容有更新，请重新查看后再处理');
    if ((action === 'reject' || action === 'return') && !body['comment']) return problem(422, 'comment_required', '请填写意见');
    const vote = action === 'vote' ? engine.stepOf(instance, task.step)?.vote : undefined;
    if (vote?.minutes && me.person.roles.includes(vote.chair) && !body['minutes']) return problem(422, 'minutes_required', '请填写会议纪要');
    engine.act(instance, task, action, body, at);
    this.tell(instance);
    return ok({ status: instance.status, status_text: statusText(instance), next: instanceSummary(engine, instance).waiting });
  }

  private file(id: string, what: string | undefined): Response {
    const file = this.world.files.get(id);
    if (!file) return problem(404, 'not_found', '找不到文件');
    const { bytes, ...info } = file;
    if (what === 'info') return ok(info);
    return new Response(bytes, {
      headers: {
        'Content-Type': 'application/octet-stream',
        'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      },
    });
  }

  private upload({ query, bytes, request }: Call): Response {
    const id = `f-${this.world.files.size + 1}`;
    const info = {
      id,
      name: query.get('name') ?? id,
      size: bytes.length,
      media_type: request.headers.get('Content-Type') ?? '',
      sha256: '0'.repeat(64),
    };
    this.world.files.set(id, { ...info, bytes });
    return ok(info, 201);
  }

  private people({ parts: [, id], query }: Call, me: LoggedIn): Response {
    const shown = me.company.people.map(({ id: key, name, department, post }) => ({ id: key, name, department, post }));
    if (id) {
      const found = shown.find((person) => person.id === id);
      return found ? ok(found) : problem(404, 'not_found', '没有这个人');
    }
    const text = query.get('q') ?? '';
    return ok({ items: shown.filter((person) => `${person.name} ${person.id} ${person.department} ${person.post}`.includes(text)) });
  }

  private tell(instance: Instance): void {
    for (const listener of this.listeners) {
      listener({ what: 'tasks' });
      listener({ what: 'instance', id: instance.id });
    }
  }
}

function readObject(bytes: Uint8Array): JsonObject {
  const value: unknown = bytes.length === 0 ? {} : JSON.parse(new TextDecoder().decode(bytes));
  return isObject(value) ? value : {};
}
