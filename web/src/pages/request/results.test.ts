// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import type { FormResult, Result } from '../../api/types.ts';
import { together } from './Results.tsx';

const sheet = (name: string, title: string, by: string): FormResult => ({
  kind: 'form',
  name,
  title: { zh: title },
  form: { schema: {}, data: {}, masked: [] },
  by: { id: by, name: by },
  at: '2026-11-22T01:00:00Z',
});

it('sheets of one step stand together, those of another step or lane apart', () => {
  const tally = { passed: true, unanimous: true, yes: 1, no: 0, abstain: 0, not_cast: 0, members: 1 };
  const results: Result[] = [
    sheet('estimates', '估算', 'fang'),
    sheet('estimates', '估算', 'du'),
    sheet('estimates', '估算 · 培训', 'du'),
    { kind: 'vote', name: 'ruling', title: { zh: '表决' }, tally, minutes: [], at: '2026-11-22T01:00:00Z' },
    sheet('estimates', '估算 · 培训', 'fang'),
  ];
  const shape = together(results).map((card) => (Array.isArray(card) ? card.map((one) => one.by.id) : card.kind));
  expect(shape).toEqual([['fang', 'du'], ['du'], 'vote', ['fang']]);
});
