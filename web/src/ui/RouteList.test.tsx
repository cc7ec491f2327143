// @vitest-environment happy-dom
import { afterEach, expect, it } from 'vitest';
import type { RouteNode } from '../api/types.ts';
import { setLanguage } from '../words/language.ts';
import { en } from '../words/en.ts';
import { zh } from '../words/zh.ts';
import { RouteList } from './RouteList.tsx';
import { draw } from './testing.tsx';

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
