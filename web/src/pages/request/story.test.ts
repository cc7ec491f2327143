import { expect, it } from 'vitest';
import type { TimelineEntry } from '../../api/types.ts';
import { alike, moments, wasDone } from './story.ts';

let number = 0;
const entry = (kind: string, at: string, by: string | null, more: Partial<TimelineEntry> = {}): TimelineEntry => ({
  number: (number += 1),
  at,
  kind,
  text: { zh: kind },
  actor: by ? { kind: 'person', person: { id: by, name: by } } : { kind: 'system' },
  ...more,
});
const timer = (kind: string, at: string) => entry(kind, at, null, { actor: { kind: 'timer' } });
const told = (entries: TimelineEntry[]) =>
  moments(entries).map(({ lead, then }) => [lead.kind, then.map((one) => one.kind)]);

it('a deed comes first, what followed from it at the same instant stands behind it', () => {
  expect(
    told([
      entry('submitted', '1', 'liu'),
      entry('task_opened', '1', 'liu'),
      entry('filled', '2', 'chen'),
      entry('machine_done', '2', null),
      entry('machine_done', '2', null),
      entry('ended', '2', null),
    ]),
  ).toEqual([
    ['submitted', ['task_opened']],
    ['filled', ['machine_done', 'machine_done', 'ended']],
  ]);
});

it('a changed form belongs to the decision that was taken with it', () => {
  const change = { pointer: '/opinion', title: { zh: '意见' }, before: '', after: '同意' };
  const story = moments([
    entry('form_changed', '1', 'li', { changes: [change] }),
    entry('approved', '1', 'li'),
    entry('task_opened', '1', 'li'),
  ]);
  expect(story.map(({ lead }) => lead.kind)).toEqual(['approved']);
  expect(story[0]?.changes).toEqual([change]);
});

it('what others did, or at another time, stands for itself', () => {
  expect(told([entry('form_changed', '1', 'li'), entry('approved', '1', 'wang')]).length).toBe(2);
  expect(told([entry('form_changed', '1', 'li'), entry('approved', '2', 'li')]).length).toBe(2);
  expect(told([entry('approved', '1', 'li'), timer('reminded', '1')]).length).toBe(2);
});

it('an incident is never hidden behind what led to it', () => {
  expect(told([entry('filled', '1', 'chen'), entry('machine_done', '1', null), entry('incident_opened', '1', null)])).toEqual([
    ['filled', ['machine_done']],
    ['incident_opened', []],
  ]);
});

it('a term that ran out comes before the reminders', () => {
  expect(told([timer('overdue', '1'), timer('reminded', '1')])).toEqual([['overdue', ['reminded']]]);
});

it('who was escalated to is said once, with the reason', () => {
  const asked = { ...timer('task_opened', '2'), reason: { zh: '升级给总经理' } };
  const [only, ...others] = moments([timer('escalated', '2'), asked]);
  expect([only?.lead.kind, only?.lead.reason?.zh, only?.then, others]).toEqual(['escalated', '升级给总经理', [], []]);
});

it('the same words are said once', () => {
  const all = [entry('machine_done', '1', null), entry('ended', '1', null), entry('machine_done', '1', null)];
  expect(alike(all).map((group) => group.length)).toEqual([2, 1]);
});

it('what a committee came to stands for itself, with what followed behind it; nobody did it', () => {
  const decided = entry('decided', '1', 'gu');
  const story = [entry('voted', '1', 'gu'), decided, entry('moved', '1', 'gu'), entry('lanes_opened', '1', null)];
  expect(told(story)).toEqual([['voted', []], ['decided', ['moved', 'lanes_opened']]]);
  expect(wasDone(decided)).toBe(false);
});
