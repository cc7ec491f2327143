// @vitest-environment happy-dom
import { act } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Instance, Person, TaskDetail } from '../../api/types.ts';
import { click, draw } from '../../ui/testing.tsx';
import { setLanguage } from '../../words/language.ts';
import { zh } from '../../words/zh.ts';
import { TallyCard } from './TallyCard.tsx';
import { VoteBar } from './VoteBar.tsx';

let leave = () => {};
beforeEach(() => setLanguage('zh'));
afterEach(() => {
  leave();
  vi.unstubAllGlobals();
});

const button = (name: string, within: ParentNode = document) =>
  [...within.querySelectorAll('button')].find((candidate) => candidate.textContent?.replace(/\s/g, '') === name) ?? null;

async function bar(more: { minutes?: string; chair?: Person[]; object?: (text: string | undefined) => void } = {}) {
  const vote = { rule: { zh: '同意票达到 2/3 即通过' }, weight: 2, cast: 3, open: 4, chair: more.chair ?? [], leads: false, minutes: true };
  const task = { task: 7, version: 3, vote } as TaskDetail;
  const page = await draw(
    <VoteBar
      instance={{ id: 'r-1' } as Instance}
      task={task}
      vote={vote}
      refuse={() => {}}
      object={more.object ?? (() => {})}
      errorAt="errors"
      onActed={() => {}}
      comment=" 同意 "
      setComment={() => {}}
      minutes={more.minutes ?? ''}
      setMinutes={() => {}}
      status={null}
    />,
  );
  leave = page.leave;
  return page.element;
}

/** A server that gives one answer; tells what it was asked. */
function server(status: number, body: object): { asked: { path: string; body: unknown }[] } {
  const asked: { path: string; body: unknown }[] = [];
  vi.stubGlobal('fetch', async (path: string, request: RequestInit) => {
    asked.push({ path, body: JSON.parse(String(request.body)) });
    return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
  });
  return { asked };
}

const cast = async (element: HTMLElement) => {
  await click(button(zh.vote.ballot.against, element));
  await click(button(zh.vote.confirm(zh.vote.ballot.against)));
};

it('says where the vote stands, and casts a ballot only when it is confirmed', async () => {
  const { asked } = server(200, { id: 'r-1', number: 'N', status: 'running', status_text: { zh: '审批中' }, next: [] });
  const element = await bar({ minutes: '讨论过。' });
  expect(element.textContent).toContain('同意票达到 2/3 即通过');
  for (const part of [zh.vote.cast(3), zh.vote.open(4), zh.vote.weight(2)]) expect(element.textContent).toContain(part);
  await click(button(zh.vote.ballot.against, element));
  expect(asked).toEqual([]);
  await click(button(zh.vote.confirm(zh.vote.ballot.against)));
  await act(() => vi.waitFor(() => expect(asked).toHaveLength(1)));
  const body = { version: 3, ballot: 'against', comment: '同意', minutes: '讨论过。' };
  expect(asked[0]).toEqual({ path: '/api/v1/instances/r-1/tasks/7/vote', body });
});

it('asks the chair for the minutes once the server misses them', async () => {
  server(422, { title: '不能这样操作', status: 422, code: 'minutes_required', detail: '请填写会议纪要' });
  await cast(await bar());
  await act(() => vi.waitFor(() => expect(document.querySelector('.field.wrong')?.textContent).toContain(zh.vote.minutesMissing)));
});

it('leaves the minutes to the chair, and says who that is', async () => {
  const element = await bar({ chair: [{ id: 'gu', name: '顾小满' }] });
  expect(element.textContent).toContain(zh.vote.chair('顾小满'));
  await click(button(zh.vote.ballot.agree, element));
  expect(document.body.textContent).toContain(zh.vote.comment);
  expect(document.body.textContent).not.toContain(zh.vote.minutesHint);
});

it('what a check has against the form is told to the form, with its text', async () => {
  server(422, { title: '不能这样操作', status: 422, code: 'check_refused', detail: '单笔授信不得超过 50 万元' });
  const object = vi.fn();
  await cast(await bar({ object }));
  await act(() => vi.waitFor(() => expect(object).toHaveBeenLastCalledWith('单笔授信不得超过 50 万元')));
  expect(document.body.textContent).not.toContain('不能这样操作');
});

it('a result shows every kind of ballot and the verdict', async () => {
  const tally = { passed: false, unanimous: false, yes: 1, no: 3, abstain: 2, not_cast: 4, members: 5 };
  const minutes = [{ by: { id: 'gu', name: '顾小满' }, text: '反对的理由是风险过高。' }];
  const page = await draw(<TallyCard result={{ kind: 'vote', name: 'ruling', title: { zh: '表决' }, tally, minutes, at: '2026-11-22T01:00:00Z' }} />);
  leave = page.leave;
  expect(page.element.querySelector('.pill.bad')?.textContent).toBe(zh.vote.failed);
  expect([...page.element.querySelectorAll('dd')].map((figure) => figure.textContent)).toEqual(['1 票', '3 票', '2 票', '4 票']);
  expect(page.element.querySelector('.minutes')?.textContent).toBe(`${zh.vote.minutesOf('顾小满')}反对的理由是风险过高。`);
});
