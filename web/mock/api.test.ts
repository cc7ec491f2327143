import { describe, expect, it } from 'vitest';
import { MockApi, PASSWORD } from './api.ts';

const now = () => new Date('2026-11-21T08:00:00Z');

async function call(api: MockApi, who: string | null, method: string, path: string, body?: object, intent = Math.random().toString()) {
  const response = await api.handle(
    new Request(`http://mock/api/v1${path}`, {
      method,
      headers: {
        ...(who ? { Cookie: `mock=${who}` } : {}),
        'Content-Type': 'application/json',
        ...(method === 'GET' ? {} : { 'Idempotency-Key': intent }),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    }),
  );
  return { status: response.status, body: response.status === 204 ? null : await response.json() };
}

describe('the stand-in', () => {
  it('knows nobody without a log-in, and lets in with the right password only', async () => {
    const api = new MockApi(now);
    expect((await call(api, null, 'GET', '/tasks')).status).toBe(401);
    expect((await call(api, null, 'POST', '/session', { company: 'pharma', login: 'zhou', password: 'x' })).body.code).toBe('login_failed');
    expect((await call(api, null, 'POST', '/session', { company: 'pharma', login: 'zhou', password: PASSWORD })).status).toBe(200);
  });

  it('does a thing once for one key', async () => {
    const api = new MockApi(now);
    const form = { amount: '10.00', customer_name: '甲' };
    const first = await call(api, 'pharma.zhou', 'POST', '/instances', { flow: 'bad-debt', form }, 'key');
    const again = await call(api, 'pharma.zhou', 'POST', '/instances', { flow: 'bad-debt', form }, 'key');
    expect(again.body).toEqual(first.body);
  });

  it('walks the bad debt to its archive in three copies', async () => {
    const api = new MockApi(now);
    const { body: started } = await call(api, 'pharma.zhou', 'POST', '/instances', {
      flow: 'bad-debt',
      form: { amount: '8000.00', customer_name: '甲' },
    });
    const decide = async (who: string, action: string, more: object = {}) => {
      const { body: page } = await call(api, who, 'GET', '/tasks?state=open&limit=99');
      const task = page.items.find((item: { instance: string }) => item.instance === started.id);
      return call(api, who, 'POST', `/instances/${started.id}/tasks/${task.task}/${action}`, { version: task.version, ...more });
    };
    expect((await decide('pharma.li', 'approve')).body.next[0].step_title.zh).toBe('总经理审批');
    await decide('pharma.wang', 'approve');
    await decide('pharma.chen', 'fill', { data: { cause: 'handler_irresponsible', commission: '5000.00' } });
    const { body: done } = await call(api, 'pharma.zhou', 'GET', `/instances/${started.id}`);
    expect(done.status).toBe('archived');
    expect(done.archive.copies).toHaveLength(3);
    expect(done.results[1].output[0].value).toBe('2,400.00');
  });

  it('counts the ballots of a committee, and asks its chair for the minutes', async () => {
    const api = new MockApi(now);
    const path = '/instances/pharma-credit-line-2';
    const vote = async (who: string, body: object) => {
      const { body: page } = await call(api, who, 'GET', path);
      const [task] = page.my_tasks;
      expect(task.actions).toEqual(['vote']);
      return call(api, who, 'POST', `${path}/tasks/${task.task}/vote`, { version: task.version, ...body });
    };
    expect((await vote('pharma.wang', { ballot: 'agree' })).body.code).toBe('minutes_required');
    expect((await vote('pharma.wang', { ballot: 'agree', minutes: '同意。' })).status).toBe(200);
    expect((await vote('pharma.huang', { ballot: 'agree' })).body.status).toBe('archived');
    const { body: done } = await call(api, 'pharma.wang', 'GET', path);
    expect(done.results[0].tally).toEqual({ passed: true, unanimous: false, yes: 2, no: 1, abstain: 0, not_cast: 0, members: 3 });
  });

  it('keeps what belongs to one company from the other', async () => {
    const api = new MockApi(now);
    expect((await call(api, 'hospital.he', 'GET', '/instances/pharma-bad-debt-1')).status).toBe(404);
  });

  it('tells a long story in pages, the last one first', async () => {
    const api = new MockApi(now);
    const path = '/instances/pharma-bad-debt-2';
    const { body: last } = await call(api, 'pharma.li', 'GET', path);
    const { body: earlier } = await call(api, 'pharma.li', 'GET', `${path}/timeline?before=${last.timeline_next}`);
    expect(earlier.next).toBeNull();
    const numbers = [...earlier.items, ...last.timeline].map((entry: { number: number }) => entry.number);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });
});
