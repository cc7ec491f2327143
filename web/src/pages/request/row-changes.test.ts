import { expect, it } from 'vitest';
import { rowChanges } from './row-changes.ts';

it('tells only what changed in which row', () => {
  const before = '类别：重点，工作内容：走访；类别：日常，工作内容：周报，分值：40';
  const after = '类别：重点，工作内容：走访，评分：90；类别：日常，工作内容：周报，分值：30';
  expect(rowChanges(before, after)).toEqual([
    { row: 1, before: [], after: ['评分：90'] },
    { row: 2, before: ['分值：40'], after: ['分值：30'] },
  ]);
});

it('tells a row that came and one that went', () => {
  expect(rowChanges('', 'What: a, Cost: 1')).toEqual([{ row: 1, before: [], after: ['What: a', 'Cost: 1'] }]);
  expect(rowChanges('What: a; What: b', 'What: a')).toEqual([{ row: 2, before: ['What: b'], after: [] }]);
});

it('says nothing where nothing changed', () => {
  expect(rowChanges('What: a', 'What: a')).toEqual([]);
});
