import { expect, it } from 'vitest';
import { MockApi } from './api.ts';

const api = new MockApi(() => new Date('2026-11-21T08:00:00Z'));

async function call(who: string, method: string, path: string, body?: object) {
  const headers = { Cookie: `mock=${who}`, 'Content-Type': 'application/json', 'Idempotency-Key': Math.random().toString() };
  const request = new Request(`http://mock/api/v1${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  const response = await api.handle(request);
  return { status: response.status, body: await response.json() };
}

it('runs a pilot, lists it and explains a payee, for who may', async () => {
  expect((await call('pharma.zhou', 'GET', '/admin/pilots')).status).toBe(403);
  const choices = (await call('pharma.admin', 'GET', '/admin/pilots/choices')).body;
  const body = {
    policy: choices.policies[0].name,
    candidate: { release: choices.releases[1].hash },
    rows: { csv: 'payee,bad_debt\nzhou,8000.00\nliu,100.00\n' },
    facts: {},
  };
  const made = await call('pharma.admin', 'POST', '/admin/pilots', body);
  expect([made.status, made.body.totals[0].difference]).toEqual([201, '1620.00']);
  const { id } = made.body;
  expect((await call('pharma.admin', 'GET', '/admin/pilots')).body.items[0].id).toBe(id);
  expect((await call('pharma.admin', 'GET', `/admin/pilots/${id}?q=li`)).body.payees.items).toHaveLength(1);
  const explained = (await call('pharma.admin', 'GET', `/admin/pilots/${id}/payees/zhou`)).body;
  expect(explained.explained[0].candidate.output[0].value).toBe('4000.00');
  const refused = await call('pharma.admin', 'POST', '/admin/pilots', { ...body, rows: { csv: 'payee\nzhou\n' } });
  expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, 'rows.csv:1:1']);
});
