import { beforeEach, expect, it } from 'vitest';
import { MockApi } from './api.ts';

const START = '/flows/score-appeal/start';
const own = { fact: 'month-score', id: 's-gao-9' };
let api: MockApi;
beforeEach(() => {
  api = new MockApi(() => new Date('2026-11-21T08:00:00Z'));
});

async function call(who: string, method: string, path: string, body?: object) {
  const headers = { Cookie: `mock=hospital.${who}`, 'Content-Type': 'application/json', 'Idempotency-Key': Math.random().toString() };
  const request = new Request(`http://mock/api/v1${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  const response = await api.handle(request);
  return { status: response.status, body: response.status === 204 ? null : await response.json() };
}

const appeal = (about?: object) => call('gao', 'POST', '/instances', { flow: 'score-appeal', form: { score: '100' }, ...(about ? { about } : {}) });
const offered = async () => (await call('gao', 'GET', START)).body.about.records.map((record: { id: string }) => record.id);

it('offers their own records whose time has not passed', async () => {
  const { body } = await call('gao', 'GET', START);
  expect(body.about.required).toBe(true);
  expect(await offered()).toEqual(['s-gao-11', 's-gao-10', 's-gao-9', 's-gao-8']);
  expect(body.about.records[2].until).toBe('2026-11-21 21:12');
  expect(body.about.records[3].until).toBeUndefined();
  expect((await call('he', 'GET', START)).body.about.records).toEqual([]);
});

it('fills the form in from the record, and does not let that be changed', async () => {
  const { body } = await call('gao', 'GET', `${START}?about=month-score&id=s-gao-9`);
  expect(body.form.data).toEqual({ month: '2026-09', score: '59.00' });
  expect(body.form.schema.properties.score['x-access']).toBe('readonly');
  expect(body.form.schema.properties.why['x-access']).toBe('editable');
  const { body: started } = await appeal(own);
  expect((await call('gao', 'GET', `/instances/${started.id}`)).body.form.data.score).toBe('59.00');
});

it('refuses none, what is gone, and what there is a request about until that is taken back', async () => {
  expect((await appeal()).body.code).toBe('about_required');
  expect((await appeal({ ...own, id: 's-gao-7' })).body.code).toBe('about_gone');
  const { body: started } = await appeal(own);
  expect((await appeal(own)).body.code).toBe('about_taken');
  expect(await offered()).not.toContain(own.id);
  await call('gao', 'POST', `/instances/${started.id}/withdraw`, {});
  expect((await appeal(own)).status).toBe(201);
});
