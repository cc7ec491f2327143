// A month plan at a hospital firm: planned, approved twice, reported, scored item by item, confirmed, paid, archived.
import { strict as assert } from 'node:assert';
import { labelOf, titlesOf } from '../lib/packs.mjs';
import { Form, Inbox, Request } from '../pages/app.mjs';

export const name = 'hospital: a month plan from plan to pay';
export const plays = 'server';

const TEXTS = {
  zh: { flow: '月度计划与考核', sum: '各项分值合计应为 100 分' },
  en: { flow: 'Monthly plan and assessment', sum: 'The points have to add up to 100' },
};
const ITEMS = [
  { kind: 'key', content: '走访三家民营医院', standard: '每家一份访谈记录', points: '60', result: 'done', score: '90' },
  { kind: 'daily', content: '更新医院资料库', points: '30', result: 'partly', score: '70' },
];
/** The pay of the month of those who play the employee: base pay and 30 % of it, times a score of 82. */
const PAY = { sun: '¥4,984.00', gao: '¥5,383.97', luo: '¥6,479.20' };

export async function run({ as, language, turn, shot }) {
  const texts = TEXTS[language];
  const titles = titlesOf('hospital', 'month-plan', language);
  const label = (field, value) => labelOf('hospital', 'month-plan', field, value, language);
  const focus = `完成两家医院的初步接洽 ${turn + 1}`;

  const staff = await as('hospital', 'staff');
  const form = new Form(staff);
  await staff.goTo('/start', staff.words.start.choose);
  await staff.page.getByText(texts.flow, { exact: true }).click();
  await staff.page.getByRole('heading', { name: texts.flow }).waitFor();
  await form.text(titles.focus, focus);
  for (const [row, item] of ITEMS.entries()) {
    await staff.page.getByRole('button', { name: staff.words.form.addRow }).click();
    await form.chooseInRow(row, titles.kind, label('kind', item.kind));
    await form.inRow(row, titles.content, item.content);
    await form.dateInRow(row, titles.finish_date, '2026-11-30');
    await form.inRow(row, titles.points, item.points);
    if (item.standard) await form.inRow(row, titles.standard, item.standard);
  }
  await form.submit();
  await staff.page.getByText(texts.sum).first().waitFor();
  await shot(staff, 'hospital-1-sum');
  await form.inRow(1, titles.points, '40');
  await staff.settle();
  await shot(staff, 'hospital-2-plan');
  await form.submit();
  await staff.page.waitForURL(/\/requests\//);

  const manager = await as('hospital', 'manager');
  await new Inbox(manager).take(focus);
  await shot(manager, 'hospital-3-manager');
  await new Request(manager).forward('approve');

  const director = await as('hospital', 'general-manager');
  await new Inbox(director).take(focus);
  await new Request(director).forward('approve');

  await new Inbox(staff).take(focus);
  for (const [row, item] of ITEMS.entries()) await form.chooseInRow(row, titles.result, label('result', item.result));
  await form.inRow(1, titles.progress, '更新了三次');
  await form.text(titles.self_review, '走访按期完成，资料更新少了一次。');
  await shot(staff, 'hospital-4-results');
  await new Request(staff).forward('fill');

  await new Inbox(manager).take(focus);
  const scores = new Form(manager);
  for (const [row, item] of ITEMS.entries()) await scores.inRow(row, titles.score, item.score);
  const assessment = titlesOf('hospital', 'assessment', language);
  await scores.text(assessment.praise, '重点工作扎实');
  await scores.text(assessment.shortcomings, '日常工作要抓紧');
  await shot(manager, 'hospital-5-scores');
  await new Request(manager).forward('fill');

  await new Inbox(director).take(focus);
  await shot(director, 'hospital-6-confirm');
  await new Request(director).forward('approve');

  const request = new Request(staff);
  await staff.goTo('/requests');
  await staff.page.locator('main a[href^="/requests/"]').first().click();
  await request.ended(staff.words.lists.statuses.archived);
  const outputs = (await staff.page.locator('.outputs').allInnerTexts()).join('\n');
  assert.match(outputs, /82\.00/);
  assert.ok(outputs.includes(PAY[staff.account.login]), `${outputs} does not have ${PAY[staff.account.login]}`);
  assert.equal(await staff.page.locator('.copies li').count(), 2);
  await request.explain();
  assert.match(await staff.page.locator('.explanation .tree').innerText(), /D0/);
  await request.showLine();
  await staff.settle();
  await shot(staff, 'hospital-7-pay');
}
