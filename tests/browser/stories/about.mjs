// A request about a record: chosen by keyboard, left and taken up again, sent once, and refused the second time.
import { strict as assert } from 'node:assert';
import { Form } from '../pages/app.mjs';

export const name = 'about: an appeal against a score';
export const plays = 'stand-in';

const APPEAL = '/start/score-appeal';
const TEXTS = {
  zh: { facts: '事实', why: '理由', change: '要改什么', due: '还剩' },
  en: { facts: 'The facts', why: 'Reasons', change: 'What changes', due: 'left' },
};

export async function run({ as, language, shot }) {
  const texts = TEXTS[language];
  const me = await as('hospital', 'staff');
  const { page, words } = me;
  const cards = page.locator('.record-card');
  const form = new Form(me);
  const search = () => new URL(page.url()).search;

  await me.goTo(APPEAL);
  await cards.first().waitFor();
  assert.equal(await cards.count(), 4);
  assert.match(await page.locator('.record-card .pill.bad').innerText(), new RegExp(texts.due));
  await shot(me, 'about-choice');

  // By keyboard into a record; its fields are there to be read, and the page is heard from its beginning.
  await cards.filter({ hasText: '2026-09' }).press('Enter');
  await page.locator('.record-chosen').waitFor();
  assert.equal(search(), '?about=month-score&id=s-gao-9');
  assert.ok(await page.locator('.request-page').evaluate((beginning) => beginning === document.activeElement));
  assert.equal(await page.locator('.slot .read', { hasText: '59.00' }).count(), 1);
  assert.equal(await page.getByRole('button', { name: words.start.discard }).count(), 0);

  // Back leads to the choice, forward to the form.
  await page.goBack();
  await cards.first().waitFor();
  await page.goForward();
  await page.locator('.record-chosen').waitFor();

  // What is typed is kept nowhere, so nobody leaves it without being asked.
  await form.choose(/./, texts.facts);
  await form.text(texts.why, '走访记录漏了两份。');
  await page.locator('.record-chosen .to-choice').click();
  const question = page.getByRole('dialog');
  await question.getByRole('button', { name: words.common.cancel }).click();
  await question.waitFor({ state: 'hidden' });
  assert.equal(search(), '?about=month-score&id=s-gao-9');
  await shot(me, 'about-form');
  await form.submit();
  await page.waitForURL(/\/requests\/hospital-score-appeal/);
  assert.ok((await page.locator('main').innerText()).includes('59.00'));

  // It is not offered again; who comes by an old link is warned, told why it is refused, and led back.
  await me.goTo(APPEAL);
  await cards.first().waitFor();
  assert.equal(await cards.filter({ hasText: '2026-09' }).count(), 0);
  await me.goTo(`${APPEAL}?about=month-score&id=s-gao-9`);
  await page.locator('.record-note.warning').waitFor();
  await form.choose(/./, texts.facts);
  await form.text(texts.why, '再来一次。');
  await form.submit();
  const wayBack = page.locator('.action-bar .notice a');
  await wayBack.waitFor();
  await shot(me, 'about-taken');
  await wayBack.click();
  await question.getByRole('button', { name: words.draft.leaveYes }).click();
  await cards.first().waitFor();

  // A record that is gone is told before anything is typed.
  await me.goTo(`${APPEAL}?about=month-score&id=s-gao-7`);
  await page.getByRole('alert').getByRole('button').last().click();
  await cards.first().waitFor();
  assert.equal(search(), '');

  await optional(me, texts, shot);
  const manager = await as('hospital', 'manager');
  await manager.goTo(APPEAL);
  await manager.page.locator('.record-reasons').waitFor();
  assert.equal(await manager.page.locator('form, .action-bar').count(), 0);
}

/** Where a record may be left out, the plain form goes on, with its draft. */
async function optional(me, texts, shot) {
  const { page } = me;
  await me.goTo('/start/plan-change');
  await page.locator('.record-card').first().waitFor();
  await page.locator('.page-head button').click();
  await page.locator('.record-note').waitFor();
  await new Form(me).text(texts.change, '增加一次义诊。');
  await page.locator('.draft-status').waitFor();
  await shot(me, 'about-plain');

  // The draft is there again after a look at the records, and is nothing for one of them.
  await page.locator('.record-note .to-choice').click();
  await page.locator('.record-card').first().click();
  await page.locator('.record-chosen').waitFor();
  assert.equal(await page.locator('textarea').first().inputValue(), '');
  await page.goBack();
  await page.locator('.page-head button').click();
  await page.locator('.record-note').waitFor();
  assert.equal(await page.locator('textarea').first().inputValue(), '增加一次义诊。');
}
