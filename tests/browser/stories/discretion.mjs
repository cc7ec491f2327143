// A year-end award at a hospital firm: what the two heads may give out together stays inside its written bounds.
import { strict as assert } from 'node:assert';
import { titlesOf } from '../lib/packs.mjs';
import { Form, Inbox, Request } from '../pages/app.mjs';

export const name = 'hospital: discretion inside its bounds';
export const plays = 'server';
export const runs = ['phone-zh', 'desk-en'];

const TEXTS = {
  zh: { flow: '市场部年终奖分配', above: '合计超过可分配金额', self: '有权分配的人自己不能分' },
  en: { flow: "The market department's year-end award", above: 'The sum is above the pool', self: 'A holder of the right may not share' },
};

export async function run({ as, language, turn, shot }) {
  const texts = TEXTS[language];
  const roster = titlesOf('hospital', 'market-roster', language);
  const sheet = titlesOf('hospital', 'discretion-sheet', language);
  const hr = await as('hospital', 'hr');
  const form = new Form(hr);
  await hr.goTo('/start', hr.words.start.choose);
  await hr.page.getByText(texts.flow, { exact: true }).click();
  await hr.page.getByRole('heading', { name: texts.flow }).waitFor();
  await form.person(roster.manager, '何晓东');
  await form.person(roster.general_manager, '钱立诚');
  await form.date(roster.counted_on, '2026-10-31');
  for (const [row, person] of ['孙婷', '高翔', '罗薇'].entries()) {
    await hr.page.getByRole('button', { name: hr.words.form.addRow }).first().click();
    await form.personInRow(row, roster.person, person);
  }
  await hr.settle();
  await form.submit();
  await hr.page.waitForURL(/\/requests\/[0-9a-f]/);
  await hr.settle();
  const number = await new Request(hr).number();

  const director = await as('hospital', 'general-manager');
  await new Inbox(director).take(texts.flow);
  await new Request(director).forward('approve');
  const finance = await as('hospital', 'finance');
  const profit = titlesOf('hospital', 'company-profit', language);
  await new Inbox(finance).take(texts.flow);
  const figure = new Form(finance);
  await figure.text(profit.profit, `${1_860_000 + turn}`);
  await figure.text(profit.source, '年度利润表');
  await new Request(finance).forward('fill');

  // The pool is 17,500: a quarter of the department's half of 140,000.
  const manager = await as('hospital', 'manager');
  await new Inbox(manager).take(texts.flow);
  const lines = new Form(manager);
  const give = async (row, payee, amount) => {
    await manager.page.getByRole('button', { name: manager.words.form.addRow }).first().click();
    await lines.personInRow(row, sheet.payee, payee);
    await lines.inRow(row, sheet.amount, amount);
    await lines.inRow(row, sheet.reason, '项目主谈');
  };
  await give(0, '孙婷', '9500');
  await give(1, '何晓东', '500');
  await refused(manager, texts.self);
  await shot(manager, 'discretion-1-self');
  await lines.personInRow(1, sheet.payee, '高翔');
  await lines.inRow(1, sheet.amount, '8000.01');
  await refused(manager, texts.above);
  await shot(manager, 'discretion-2-above');
  await lines.inRow(1, sheet.amount, '8000');
  await manager.settle();
  await new Request(manager).forward('fill');

  await new Inbox(director).take(texts.flow);
  await shot(director, 'discretion-3-second');
  await new Request(director).forward('fill');

  await hr.goTo('/requests');
  await hr.page.getByText(number).first().click();
  await new Request(hr).ended(hr.words.lists.statuses.archived);
  const outputs = (await hr.page.locator('.outputs').allInnerTexts()).join('\n');
  assert.match(outputs, /17,500\.00/);
  await shot(hr, 'discretion-4-archived');
}

/** What the check has against the sheet is said, and the task is still there. */
async function refused(person, why) {
  await person.settle();
  await person.page.locator('.action-bar .forward').click();
  await person.page.getByText(why).first().waitFor();
}
