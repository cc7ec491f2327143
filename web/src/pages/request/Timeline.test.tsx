// @vitest-environment happy-dom
import { act } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MockApi } from '../../../mock/api.ts';
import type { Instance, TimelineEntry } from '../../api/types.ts';
import { click, draw } from '../../ui/testing.tsx';
import { zh } from '../../words/zh.ts';
import { setLanguage } from '../../words/language.ts';
import { Timeline } from './Timeline.tsx';

const api = new MockApi(() => new Date('2026-11-21T08:00:00Z'));
const LONG = 'pharma-bad-debt-2';

let leave = () => {};
beforeEach(() => setLanguage('zh'));
afterEach(() => {
  leave();
  vi.unstubAllGlobals();
});

/** Lets the page ask the stand-in, as somebody who may read it. The window of the test would drop the cookie of a real request. */
function ask(path: string): Promise<Response> {
  const headers = { get: (name: string) => (name === 'Cookie' ? 'mock=pharma.li' : null) };
  const url = `http://mock${path}`;
  return api.handle({ url, method: 'GET', headers, arrayBuffer: async () => new ArrayBuffer(0) } as unknown as Request);
}

async function drawn(instance: Instance): Promise<HTMLElement> {
  const page = await draw(<Timeline instance={instance} />);
  leave = page.leave;
  return page.element;
}

const button = (element: HTMLElement, name: string) =>
  [...element.querySelectorAll('button')].find((candidate) => candidate.textContent?.includes(name)) ?? null;

it('fetches what happened earlier when somebody asks for it, until there is no more', async () => {
  vi.stubGlobal('fetch', (path: string) => ask(path));
  const instance = (await (await ask(`/api/v1/instances/${LONG}`)).json()) as Instance;
  const element = await drawn(instance);
  expect(element.textContent).not.toContain('提交了申请');
  await click(button(element, zh.request.earlier));
  await act(() => vi.waitFor(() => expect(element.textContent).toContain('提交了申请')));
  expect(button(element, zh.request.earlier)).toBeNull();
  const shown = [...element.querySelectorAll('.timeline > li')];
  expect(shown.filter((item) => item.textContent?.includes('次电话催收'))).toHaveLength(34);
});

it('says when the earlier part cannot be had, and tries again', async () => {
  let lost = true;
  vi.stubGlobal('fetch', (path: string) => (lost ? Promise.reject(new TypeError('lost')) : ask(path)));
  const instance = (await (await ask(`/api/v1/instances/${LONG}`)).json()) as Instance;
  const element = await drawn(instance);
  await click(button(element, zh.request.earlier));
  await act(() => vi.waitFor(() => expect(element.querySelector('[role="alert"]')).not.toBeNull()));
  lost = false;
  await click(button(element, zh.request.earlier));
  await act(() => vi.waitFor(() => expect(element.textContent).toContain('提交了申请')));
  expect(element.querySelector('[role="alert"]')).toBeNull();
});

it('a field that was empty just shows its value; one that changed shows both', async () => {
  const entry = (number: number, before: string, after: string): TimelineEntry => ({
    number,
    at: `2026-11-0${number}T01:00:00Z`,
    actor: { kind: 'person', person: { id: 'li', name: '李建国' } },
    kind: 'form_changed',
    text: { zh: '修改了表单' },
    changes: [{ pointer: '/amount', title: { zh: '金额' }, before, after }],
  });
  const form = { schema: { type: 'object', properties: { amount: { type: 'string', format: 'money' } } }, data: {}, masked: [] };
  const timeline = [entry(1, '', '1,200.00'), entry(2, '1,200.00', '900.00')];
  const element = await drawn({ id: 'x', form, timeline } as unknown as Instance);
  const [second, first] = [...element.querySelectorAll('dd')].map((value) => value.textContent);
  expect(first).toBe('¥1,200.00');
  expect(second).toBe('原 ¥1,200.00 →  现 ¥900.00');
});

it('folds what followed behind what was done', async () => {
  const at = '2026-11-11T06:05:00Z';
  const system = { kind: 'system' as const };
  const timeline: TimelineEntry[] = [
    { number: 1, at, actor: { kind: 'person', person: { id: 'chen', name: '陈慧' } }, kind: 'filled', text: { zh: '填写并提交' } },
    { number: 2, at, actor: system, kind: 'machine_done', text: { zh: '自动步骤完成' }, step_title: { zh: '计算扣款' } },
    { number: 3, at, actor: system, kind: 'machine_done', text: { zh: '自动步骤完成' }, step_title: { zh: '存档' } },
    { number: 4, at, actor: system, kind: 'ended', text: { zh: '归档' } },
  ];
  const element = await drawn({ id: 'x', form: { schema: {}, data: {}, masked: [] }, timeline } as unknown as Instance);
  const fold = button(element, '自动步骤完成：计算扣款、存档；归档');
  expect(fold?.getAttribute('aria-expanded')).toBe('false');
  expect(element.querySelector('.then ul')?.hasAttribute('hidden')).toBe(true);
  await click(fold);
  expect(element.querySelectorAll('.then li')).toHaveLength(3);
  expect(element.querySelector('.then ul')?.hasAttribute('hidden')).toBe(false);
});
