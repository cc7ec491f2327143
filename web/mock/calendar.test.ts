import { expect, it } from 'vitest';
import { MockApi } from './api.ts';

const api = new MockApi(() => new Date('2026-11-21T08:00:00Z'));

async function call(who: string, method: string, path: string, body?: object) {
  const headers = { Cookie: `mock=${who}`, 'Content-Type': 'application/json', 'Idempotency-Key': Math.random().toString() };
  const request = new Request(`http://mock/api/v1${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  const response = await api.handle(request);
  return { status: response.status, body: response.status === 204 ? null : await response.json() };
}

it('gives the days of a year to everybody, and changes them for who may', async () => {
  const seen = (await call('pharma.zhou', 'GET', '/calendar')).body;
  expect([seen.year, seen.complete, seen.missing]).toEqual([2026, true, [2027]]);
  expect(seen.days.find((day: { own: boolean }) => day.own).name.zh).toBe('司庆');
  const days = 'date,day,name\n2027/01/01,休,元旦\n';
  const sheet = { days, complete: [2027] };
  expect((await call('pharma.zhou', 'POST', '/admin/calendar/import', sheet)).status).toBe(403);
  const done = (await call('pharma.admin', 'POST', '/admin/calendar/import', sheet)).body;
  expect(done.years).toEqual([{ year: 2027, complete: true, days: 1, changed: 1 }]);
  expect(done.warnings.map((one: { code: string }) => one.code)).toEqual(['calendar.few-holidays']);
  expect((await call('pharma.zhou', 'GET', '/calendar?year=99999')).body.code).toBe('year_invalid');
  const after = (await call('pharma.zhou', 'GET', '/calendar?year=2027')).body;
  expect([after.complete, after.missing, after.days[0].date]).toEqual([true, [], '2027-01-01']);
  expect((await call('pharma.admin', 'POST', '/admin/calendar/2027/remove', {})).status).toBe(204);
  expect((await call('pharma.admin', 'POST', '/admin/calendar/2027/remove', {})).status).toBe(404);
  const wrong = await call('pharma.admin', 'POST', '/admin/calendar/import', { days: 'date,day\n2027-01-01,闲\n', complete: [] });
  expect([wrong.status, wrong.body.errors[0].pointer]).toEqual([422, 'calendar.csv:2:12']);
});
