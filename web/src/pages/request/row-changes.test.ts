import { expect, it } from 'vitest';
import { readForm } from '../../forms/read.ts';
import { rowChanges } from './row-changes.ts';

const titled = (title: string, en: string) => ({ type: 'string', title, 'x-en': { title: en } });
const items = {
  type: 'object',
  properties: {
    kind: titled('类别', 'Kind'),
    work: titled('工作内容', 'Work'),
    points: titled('分值', 'Points'),
    score: titled('评分', 'Score'),
  },
};
const [field] = readForm({ type: 'object', properties: { items: { type: 'array', title: '事项', items } } }).root.fields;
const columns = field?.kind.kind === 'rows' ? field.kind.level.fields : [];
const told = (before: string, after: string) =>
  rowChanges(before, after, columns).map(({ row, kind, cells }) => [
    row,
    kind,
    ...cells.map((cell) => [cell.column.name, cell.before, cell.after]),
  ]);

it('tells only what changed in which row', () => {
  const before = '类别：重点，工作内容：走访；类别：日常，工作内容：周报，分值：40';
  const after = '类别：重点，工作内容：走访，评分：90；类别：日常，工作内容：周报，分值：30';
  expect(told(before, after)).toEqual([
    [1, 'changed', ['score', '', '90']],
    [2, 'changed', ['points', '40', '30']],
  ]);
});

it('a value may hold the marks that part columns and rows', () => {
  expect(told('类别：日常', '类别：日常，工作内容：更新 21 家，余 4 家；下月补。，分值：30')).toEqual([
    [1, 'changed', ['work', '', '更新 21 家，余 4 家；下月补。'], ['points', '', '30']],
  ]);
});

it('tells a row that came and one that went, wherever it stood', () => {
  expect(told('', 'Work: a, Points: 1')).toEqual([[1, 'added', ['work', '', 'a'], ['points', '', '1']]]);
  expect(told('Work: a; Work: b; Work: c', 'Work: a; Work: c')).toEqual([[2, 'removed', ['work', 'b', '']]]);
});

it('says nothing where nothing changed, nor of rows that are not told', () => {
  expect(told('Work: a', 'Work: a')).toEqual([]);
  expect(told('Work: a; 3 more rows', 'Work: a; 4 more rows')).toEqual([]);
});
