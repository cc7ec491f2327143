// @vitest-environment happy-dom
import { afterEach, expect, it } from 'vitest';
import type { RouteNode, RouteStep, StepState } from '../api/types.ts';
import { setLanguage } from '../words/language.ts';
import { en } from '../words/en.ts';
import { zh } from '../words/zh.ts';
import { hasNobody, RouteList } from './RouteList.tsx';
import { click, draw } from './testing.tsx';

let leave = () => {};
afterEach(() => leave());

const stuck: RouteNode[] = [
  {
    type: 'choose',
    state: 'failed',
    reason: { zh: '字段「金额」没有值', en: 'The field “Amount” has no value' },
    branches: [
      {
        label: { zh: '大额', en: 'Large' },
        taken: null,
        nodes: [{ type: 'step', step: 'gm', title: { zh: '总经理审批' }, kind: 'approve', state: 'waiting', people: [] }],
      },
    ],
  },
];

it.each([
  ['zh', zh.step.choiceFailed, '字段「金额」没有值', zh.step.undecided],
  ['en', en.step.choiceFailed, 'The field “Amount” has no value', en.step.undecided],
] as const)('a choice that could not be made says so where the request stopped (%s)', async (language, title, reason, undecided) => {
  setLanguage(language);
  const page = await draw(<RouteList route={stuck} />);
  leave = page.leave;
  const place = page.element.querySelector('.route-step.failed');
  expect(place?.textContent).toContain(title);
  expect(place?.textContent).toContain(reason);
  // What is entered no longer decides it.
  expect(page.element.textContent).not.toContain(undecided);
});

const at = (step: string, state: StepState, more: Partial<RouteStep> = {}): RouteStep => ({
  type: 'step',
  step,
  title: { zh: step },
  kind: 'approve',
  state,
  people: [],
  ...more,
});

it('lanes that are through are folded, the others show their steps; a fold opens by its button', async () => {
  setLanguage('zh');
  const lane = (label: string, state: StepState) => ({ label: { zh: label }, nodes: [at(`确认${label}`, state)] });
  const route: RouteNode[] = [{ type: 'each', one_by_one: true, branches: [lane('设备', 'done'), lane('安装', 'open')] }];
  const page = await draw(<RouteList route={route} />);
  leave = page.leave;
  const folds = () => [...page.element.querySelectorAll<HTMLElement>('.route-lane > button')];
  expect(page.element.textContent).toContain(zh.step.each.oneByOne);
  expect(folds().map((fold) => fold.getAttribute('aria-expanded'))).toEqual(['false', 'true']);
  expect(folds()[0]?.textContent).toContain(zh.step.state.done);
  expect(page.element.textContent).not.toContain('确认设备');
  await click(folds()[0] ?? null);
  expect(page.element.textContent).toContain('确认设备');
});

it('a list without items says so', async () => {
  const page = await draw(<RouteList route={[{ type: 'each', one_by_one: false, branches: [] }]} />);
  leave = page.leave;
  expect(page.element.textContent).toContain(zh.step.noItems);
});

it('nobody is missed where a step may never be come to', () => {
  const block = (step: RouteStep): RouteNode => ({ type: 'parallel', branches: [{ label: { zh: '一' }, nodes: [step] }] });
  expect(hasNobody(block(at('a', 'waiting')))).toBe(false);
  expect(hasNobody(block(at('a', 'waiting', { nobody: true })))).toBe(true);
  expect(hasNobody(block(at('a', 'failed')))).toBe(true);
});
