import { expect, it } from 'vitest';
import type { RouteNode, RouteStep } from '../../api/types.ts';
import { drawnRoute } from './drawn-route.ts';

const step = (name: string, state: RouteStep['state']): RouteStep => ({
  type: 'step',
  step: name,
  title: { zh: name },
  kind: 'approve',
  state,
  people: [],
});

it('branches part from one point and meet in another; a branch not taken is drawn as such', () => {
  const route: RouteNode[] = [
    step('a', 'done'),
    {
      type: 'choose',
      branches: [
        { label: { zh: '大额' }, taken: false, nodes: [step('b', 'skipped')] },
        { label: { zh: '其他' }, taken: true, nodes: [] },
      ],
    },
    step('c', 'open'),
  ];
  const { nodes, edges } = drawnRoute(route);
  expect(nodes.map((node) => node.step?.step ?? '·')).toEqual(['a', '·', 'b', '·', 'c']);
  expect(edges.map(({ from, to, taken, walked }) => [from, to, taken, walked])).toEqual([
    ['0', '1', true, false],
    ['1', '2', false, false],
    ['2', '3', false, false],
    ['1', '3', true, false],
    ['3', '4', true, true],
  ]);
  expect(edges.map((edge) => edge.label?.zh)).toEqual([undefined, '大额', undefined, '其他', undefined]);
});

it('a choice that could not be made is a box of its own, and nothing behind it is walked', () => {
  const route: RouteNode[] = [
    step('a', 'done'),
    {
      type: 'choose',
      state: 'failed',
      reason: { zh: '字段「金额」没有值' },
      branches: [
        { label: { zh: '大额' }, taken: null, nodes: [step('b', 'waiting')] },
        { label: { zh: '其他' }, taken: null, nodes: [] },
      ],
    },
    step('c', 'waiting'),
  ];
  const { nodes, edges } = drawnRoute(route);
  expect(nodes.map((node) => node.step?.step ?? node.failed?.reason?.zh ?? '·')).toEqual(['a', '字段「金额」没有值', 'b', '·', 'c']);
  expect(edges.filter((edge) => edge.walked).map(({ from, to }) => [from, to])).toEqual([['0', '1']]);
});

it('branches side by side are all taken; a list without items is a way of its own', () => {
  const route: RouteNode[] = [
    {
      type: 'parallel',
      branches: [
        { label: { zh: '法务' }, nodes: [step('legal', 'done')] },
        { label: { zh: '财务' }, nodes: [step('finance', 'open'), step('book', 'waiting')] },
      ],
    },
    { type: 'each', one_by_one: false, branches: [] },
    step('end', 'waiting'),
  ];
  const { nodes, edges } = drawnRoute(route);
  expect(nodes.map((node) => node.step?.step ?? '·')).toEqual(['·', 'legal', 'finance', 'book', '·', '·', '·', 'end']);
  expect(edges.every((edge) => edge.taken)).toBe(true);
  expect(edges.filter((edge) => edge.walked).map(({ from, to }) => [from, to])).toEqual([['0', '1'], ['0', '2']]);
  expect(edges.map((edge) => edge.label?.zh).filter(Boolean)).toEqual(['法务', '财务']);
  expect(edges).toContainEqual(expect.objectContaining({ from: '5', to: '6' }));
});
