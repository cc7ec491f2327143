// An appeal about a published score: chosen among one's own, filled in from the record, sent, taken, taken back and offered again.
import { strict as assert } from 'node:assert';
import { labelOf, titlesOf } from '../lib/packs.mjs';
import { Form, Inbox, Request } from '../pages/app.mjs';

export const name = 'pharma: an appeal about a published score';
export const plays = 'server';

const LIBRARY = 'library/workplan';
const APPEAL = '/start/appeal';
const TEXTS = {
  zh: { late: '过了申诉期限', score: '82.5', flow: '员工申诉', month: (at) => `${at.getFullYear()}年${at.getMonth() + 1}月` },
  en: {
    late: 'The time for an appeal is over',
    score: '82.5',
    flow: 'Appeal',
    month: (at) => new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric' }).format(at),
  },
};

export async function run({ as, language, shot }) {
  const texts = TEXTS[language];
  const titles = titlesOf(LIBRARY, 'appeal', language);
  const me = await as('pharma', 'planner');
  const { page, words } = me;
  const cards = page.locator('.record-card');
  const form = new Form(me);
  const recent = texts.month(monthsAgo(2));
  const old = texts.month(monthsAgo(4));

  // One's own scores only, the newest first, under the names that people write.
  await me.goTo('/start', words.start.choose);
  await page.getByText(texts.flow, { exact: true }).click();
  await cards.first().waitFor();
  await me.settle();
  const offered = await cards.allInnerTexts();
  assert.equal(offered.length, 2, offered.join('; '));
  for (const [card, month] of [recent, old].entries()) {
    assert.ok(offered[card].includes(month) && offered[card].includes(me.account.name), `${offered[card]} is not of ${month}`);
  }
  await shot(me, 'appeal-1-choice');

  // Whose time is over is told so by the check of the flow, and what was typed stays.
  await cards.filter({ hasText: old }).click();
  await page.locator('.record-chosen').waitFor();
  await fill(form, titles);
  await form.submit();
  await page.getByText(texts.late).first().waitFor();
  assert.equal(await page.getByLabel(titles.reasons).first().inputValue(), '会员日场地晚交四天。');
  await shot(me, 'appeal-2-too-late');
  await page.locator('.record-chosen .to-choice').click();
  await page.getByRole('dialog').getByRole('button', { name: words.draft.leaveYes }).click();

  // What the record says stands in the form to be read.
  await cards.filter({ hasText: recent }).click();
  await page.locator('.record-chosen').waitFor();
  const taken = new URL(page.url());
  await me.settle();
  const read = await page.locator('form .slot .read, .form-grid .slot .read').allInnerTexts();
  for (const value of [recent, labelOf(LIBRARY, 'appeal', 'about', 'plan_score', language), texts.score]) {
    assert.ok(read.includes(value), `${read.join('; ')} does not have ${value}`);
  }
  assert.equal(await page.getByLabel(titles.given, { exact: true }).count(), 0, 'the score is not for changing');
  await form.submit();
  await page.getByText(words.form.problems(2)).waitFor();
  await fill(form, titles);
  await shot(me, 'appeal-3-filled');
  await form.submit();
  await page.waitForURL(/\/requests\/[0-9a-f]/);
  const request = new Request(me);
  const number = await request.number();
  assert.match(number, /^SS-\d{4}-\d{3}$/);
  await me.settle();
  assert.ok((await page.locator('main').innerText()).includes(texts.score));

  // The office of the general manager sees what it is about, by name and by month.
  const office = await as('pharma', 'gm-office');
  await new Inbox(office).open();
  const task = new Inbox(office).cards().filter({ hasText: me.account.name }).filter({ hasText: texts.flow });
  const told = await task.first().innerText();
  assert.ok(told.includes(recent), `${told} does not say ${recent}`);

  // A record with an appeal is not offered again; by an old link it is refused, with the way back.
  await me.goTo(APPEAL);
  await cards.first().waitFor();
  assert.equal(await cards.filter({ hasText: recent }).count(), 0);
  await me.goTo(`${APPEAL}${taken.search}`);
  await page.locator('.record-note.warning').waitFor();
  await fill(form, titles);
  await form.submit();
  await page.locator('.action-bar .notice a').waitFor();
  await shot(me, 'appeal-4-taken');

  // Somebody else's is not there for anybody.
  const other = await as('pharma', 'salesperson');
  await other.goTo(`${APPEAL}${taken.search}`);
  await other.page.getByRole('alert').getByRole('button').last().click();
  await other.page.locator('.record-note').waitFor();
  await shot(other, 'appeal-5-none');

  // Who takes it back may start again.
  await me.goTo('/requests');
  await page.getByText(number).first().click();
  await page.locator('.request-title').waitFor();
  await page.locator('.request-more').click();
  await page.getByRole('menuitem', { name: words.request.withdraw, exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: words.request.withdraw, exact: true }).click();
  await me.toast(words.request.withdrawn);
  await me.goTo(APPEAL);
  await cards.filter({ hasText: recent }).waitFor();
}

async function fill(form, titles) {
  await form.text(titles.asked, '88');
  await form.text(titles.reasons, '会员日场地晚交四天。');
}

/** The middle of a month of the company. */
function monthsAgo(months) {
  const [year, month] = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date()).split('-').map(Number);
  return new Date(year, month - 1 - months, 15);
}
