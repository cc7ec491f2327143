// A month plan at a hospital: rows of items whose points must add up to 100, two approvals, score, bonus.
import { strict as assert } from 'node:assert';
import { Form, Inbox, Request } from '../pages/app.mjs';

export const name = 'hospital: a month plan with rows, score and bonus';

const TITLES = {
  zh: {
    flow: '月度工作计划',
    focus: '本月重点',
    items: '工作事项',
    what: '事项',
    points: '分值',
    sum: '分值合计须为 100 分',
    score: '主管评分',
    bonus: '绩效奖金',
  },
  en: {
    flow: 'Monthly work plan',
    focus: 'Focus of the month',
    items: 'Work items',
    what: 'Item',
    points: 'Points',
    sum: 'The points must add up to 100',
    score: 'Score',
    bonus: 'Bonus',
  },
};

export async function run({ as, language, shot }) {
  const titles = TITLES[language];
  const focus = `门诊流程改进 ${Math.floor(performance.now() * 1000) % 10_000}`;

  const gao = await as('hospital', 'staff');
  await gao.goTo('/start', gao.words.start.choose);
  await gao.page.getByText(titles.flow, { exact: true }).click();
  const form = new Form(gao);
  await gao.page.getByRole('heading', { name: titles.flow }).waitFor();
  await form.text(titles.focus, focus);
  for (const [index, [what, points]] of [
    ['门诊分诊', '60'],
    ['改版上线', '30'],
  ].entries()) {
    await gao.page.getByRole('button', { name: gao.words.form.addRow }).click();
    const cell = (title) =>
      gao.phone
        ? gao.page.locator('.row-card').nth(index).getByLabel(title, { exact: false }).first()
        : gao.page.getByLabel(`${gao.words.form.row(index + 1)} ${title}`, { exact: true });
    await cell(titles.what).fill(what);
    await cell(titles.points).fill(points);
  }
  await form.submit();
  await gao.page.getByText(titles.sum).first().waitFor();
  await shot(gao, 'hospital-1-sum');
  const last = gao.phone
    ? gao.page.locator('.row-card').nth(1).getByLabel(titles.points, { exact: false }).first()
    : gao.page.getByLabel(`${gao.words.form.row(2)} ${titles.points}`, { exact: true });
  await last.fill('40');
  await last.blur();
  await gao.settle();
  await shot(gao, 'hospital-2-plan');
  await form.submit();
  await gao.page.waitForURL(/\/requests\//);

  for (const [role, action] of [
    ['manager', 'approve'],
    ['general-manager', 'approve'],
  ]) {
    const person = await as('hospital', role);
    await new Inbox(person).open();
    await new Inbox(person).choose(focus);
    await shot(person, `hospital-3-${role}`);
    await new Request(person).forward(action);
  }

  const manager = await as('hospital', 'manager');
  await new Inbox(manager).open();
  await new Inbox(manager).choose(focus);
  await manager.page.locator('.my-form').getByLabel(titles.score, { exact: false }).last().fill('104.5');
  await new Request(manager).forward('fill');

  await gao.page.reload();
  await gao.page.getByText(titles.bonus).first().waitFor();
  assert.match(await gao.page.locator('.outputs').first().innerText(), /1,800\.00/);
  await gao.settle();
  await shot(gao, 'hospital-4-bonus');
}
