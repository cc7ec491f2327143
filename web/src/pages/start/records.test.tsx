// @vitest-environment happy-dom
import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Problem } from '../../api/problem.ts';
import type { AboutRecord, FlowStart } from '../../api/types.ts';
import { draw, type } from '../../ui/testing.tsx';
import { aboutWords } from '../../words/about.ts';
import { setLanguage } from '../../words/language.ts';
import { RecordChoice } from './RecordChoice.tsx';
import { RecordHead } from './RecordHead.tsx';
import { RecordRefused } from './RecordRefused.tsx';
import { instantIn, remaining } from './remaining.ts';

const words = aboutWords('zh');
let leave = () => {};
beforeEach(() => {
  setLanguage('zh');
  vi.useFakeTimers({ now: new Date('2026-03-02T02:00:00Z'), toFake: ['Date'] });
});
afterEach(() => {
  leave();
  vi.useRealTimers();
});

async function drawn(node: ReactNode): Promise<HTMLElement> {
  const root = createRootRoute();
  const here = createRoute({ getParentRoute: () => root, path: '/', component: () => node });
  const router = createRouter({ routeTree: root.addChildren([here]), history: createMemoryHistory() });
  const page = await draw(<RouterProvider router={router as never} />);
  leave = page.leave;
  return page.element;
}

const record = (id: string, more: Partial<AboutRecord> = {}): AboutRecord => ({
  fact: 'score',
  id,
  title: { zh: '评分', en: 'Score' },
  fields: [
    { title: { zh: '月份', en: 'Month' }, value: id, kind: 'plain' },
    { title: { zh: '奖金', en: 'Bonus' }, value: '1,200.00', kind: 'money' },
  ],
  recorded_at: '2026-03-01 10:00',
  ...more,
});

const start: FlowStart = {
  flow: 'appeal',
  title: { zh: '申诉', en: 'Appeal' },
  start_title: { zh: '填写', en: 'Fill in' },
  form: { schema: {}, data: {}, masked: [] },
  route: [],
};

const choice = (required: boolean, records: AboutRecord[]) => (
  <RecordChoice start={start} choice={{ required, records }} />
);

it.each([
  ['2026-03-02T01:59:59Z', null],
  ['2026-03-02T02:00:30Z', { unit: 'minutes', count: 1, tone: 'bad' }],
  ['2026-03-02T02:59:59Z', { unit: 'minutes', count: 59, tone: 'bad' }],
  ['2026-03-03T01:00:00Z', { unit: 'hours', count: 23, tone: 'bad' }],
  ['2026-03-03T02:00:00Z', { unit: 'hours', count: 24, tone: 'warning' }],
  ['2026-03-04T02:00:00Z', { unit: 'days', count: 2, tone: 'warning' }],
  ['2026-03-05T02:00:00Z', { unit: 'days', count: 3, tone: 'calm' }],
] as const)('until %s there is %o', (until, left) => {
  expect(remaining(until, new Date())).toEqual(left);
});

it("takes the company's time, wherever the browser is", () => {
  expect(instantIn('2026-03-04 10:00', 'Asia/Shanghai')).toBe('2026-03-04T02:00:00.000Z');
  expect(instantIn('2026-03-04 10:00', 'Asia/Urumqi')).toBe('2026-03-04T04:00:00.000Z');
});

it('offers each record with its fields and its time, as a way to the form about it', async () => {
  const page = await drawn(choice(true, [record('2026-02', { until: '2026-03-02 15:00' }), record('a b', { fact: 'plan' })]));
  const [first, second] = page.querySelectorAll<HTMLAnchorElement>('.record-list a');
  expect(first?.getAttribute('href')).toBe('/start/appeal?about=score&id=2026-02');
  expect(second?.getAttribute('href')).toBe('/start/appeal?about=plan&id=a+b');
  expect(first?.textContent).toContain('¥1,200.00');
  expect(first?.textContent).toContain(words.until('3月2日 15:00'));
  expect(first?.querySelector('.pill.bad')?.textContent).toBe(words.left('5 小时'));
  // Where the record knows no time the check of the flow may have one, so nothing is promised.
  expect(second?.querySelector('.record-times')?.textContent).toBe(words.recorded('3月1日 10:00'));
  expect(page.textContent).not.toContain(words.plain);
});

it('keeps an id that looks like a number as it is', async () => {
  const page = await drawn(choice(true, [record('1e5')]));
  const href = page.querySelector<HTMLAnchorElement>('.record-list a')?.getAttribute('href') ?? '';
  expect(JSON.parse(new URLSearchParams(href.split('?')[1]).get('id') ?? '')).toBe('1e5');
});

it('finds one of many', async () => {
  const page = await drawn(choice(true, Array.from({ length: 9 }, (_, month) => record(`2026-0${month + 1}`))));
  await type(page.querySelector('input') ?? new HTMLInputElement(), '2026-07');
  expect(page.querySelectorAll('.record-list a')).toHaveLength(1);
  await type(page.querySelector('input') ?? new HTMLInputElement(), 'x');
  expect(page.textContent).toContain(words.noMatch);
});

it('lets go on without a record only where that may be', async () => {
  expect((await drawn(choice(false, [record('1')]))).textContent).toContain(words.plain);
});

it('says why there is nothing to choose', async () => {
  const page = await drawn(choice(true, []));
  expect(page.textContent).toContain(words.none);
  expect(page.querySelectorAll('.record-reasons li')).toHaveLength(3);
  expect(page.querySelector('.record-list')).toBeNull();
});

it.each([
  ['the chosen record, and the way to another', { fact: 'score', id: '2' }, [record('1'), record('2')], words.another, words.filled],
  ['that the record is not offered any more', { fact: 'score', id: '3' }, [record('1')], words.another, words.notOffered],
  ['that it is about none, and the way to choose one', undefined, [record('1')], words.choose, words.aboutNone],
  ['that there is none to choose', undefined, [], undefined, words.noneNow],
] as const)('over the form stands %s', async (_, about, records, way, said) => {
  const page = await drawn(<RecordHead flow="appeal" about={about} choice={{ required: false, records: [...records] }} />);
  expect(page.textContent).toContain(said);
  expect(page.querySelector('a')?.textContent).toBe(way);
  if (way) expect(page.querySelector('a')?.getAttribute('href')).toBe('/start/appeal');
});

it('tells why a record is refused, and leads back to the choice', async () => {
  const error = new Problem({ title: '请求有误', detail: '已过期限', status: 422, code: 'about_gone' });
  const page = await drawn(<RecordRefused flow="appeal" error={error} />);
  expect(page.querySelector('[role=alert]')?.textContent).toContain('已过期限');
  expect([...page.querySelectorAll('button')].at(-1)?.textContent).toBe(words.choice);
});
