// Somebody is away: they name who acts for them, who sees and does their task, and is out of it again when it ends.
import { strict as assert } from 'node:assert';
import { titlesOf } from '../lib/packs.mjs';
import { Form, Inbox, Request } from '../pages/app.mjs';

export const name = 'substitutes: named, acting for somebody, ended';
export const plays = 'server';

export async function run({ as, language, turn, shot }) {
  const titles = titlesOf('startup', 'expense', language);
  const purpose = `展位定金 ${turn + 1} 号`;
  const lin = await as('startup', 'staff');
  const form = new Form(lin);
  await lin.goTo('/start/expense');
  await form.text(titles.purpose, purpose);
  await form.text(titles.amount, '3000');
  const day = lin.page.getByLabel(titles.needed_by, { exact: false }).first();
  await day.fill('2027-01-10');
  if (!lin.phone) await day.press('Enter');
  await form.submit();
  await lin.page.waitForURL(/\/requests\//);
  const request = new URL(lin.page.url()).pathname;

  const gu = await as('startup', 'general-manager');
  const he = await as('startup', 'substitute');
  const { words } = gu;
  await new Inbox(he).open();
  assert.equal(await he.page.locator('.task-card').count(), 0);
  await gu.goTo('/me');
  await gu.page.getByRole('link', { name: words.substitutes.title }).click();
  await gu.page.getByText(words.substitutes.none).waitFor();
  await nameSomebody(gu, he.account.name, shot);

  // The substitute hears of it, sees for whom the task is, and does it.
  await he.page.locator('.task-card', { hasText: purpose }).waitFor();
  await he.settle();
  await shot(he, 'substitutes-2-inbox');
  await new Inbox(he).choose(purpose);
  await he.page.locator('p.acts-for', { hasText: gu.account.name }).waitFor();
  await shot(he, 'substitutes-3-task');
  await new Request(he).forward('approve');

  await lin.goTo(request);
  await lin.page.locator('.timeline-line', { hasText: `${he.account.name} ${words.act.standsFor(gu.account.name)}` }).waitFor();
  await lin.settle();
  await lin.page.locator('.timeline-line').last().scrollIntoViewIfNeeded();
  await shot(lin, 'substitutes-4-told');
  await gu.goTo('/inbox?state=done');
  await gu.page.locator('.task-card', { hasText: purpose }).getByText(words.act.actedBy(he.account.name)).waitFor();

  // What one does for oneself stays, what one did for another goes with the substitution.
  await he.goTo(request);
  await he.page.locator('.request-title').waitFor();
  await gu.goTo('/me/substitutes');
  await gu.page.getByRole('button', { name: words.substitutes.endOf(he.account.name) }).click();
  await gu.page.getByRole('dialog').getByRole('button', { name: words.substitutes.end, exact: true }).click();
  await gu.toast(words.substitutes.ended);
  await gu.page.getByText(words.substitutes.none).waitFor();
  await he.goTo('/inbox?state=done');
  await he.settle();
  assert.equal(await he.page.locator('.task-card').count(), 0);
}

/** Nobody is named by an empty form; then somebody is, for one flow. */
async function nameSomebody(me, who, shot) {
  const { page, words } = me;
  await page.getByRole('button', { name: words.substitutes.name }).click();
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await page.waitForTimeout(350);
  const confirm = dialog.getByRole('button', { name: words.substitutes.confirm, exact: true });
  await confirm.click();
  await dialog.locator('.field.wrong', { hasText: words.substitutes.whoMissing }).waitFor();
  await dialog.getByLabel(words.substitutes.who, { exact: false }).first().fill(who);
  await page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: who }).first().click();
  await dialog.getByLabel(words.substitutes.until, { exact: false }).fill('2030-12-31');
  await shot(me, 'substitutes-0-naming');
  await confirm.click();
  await me.toast(words.substitutes.named);
  await page.locator('.person-card', { hasText: who }).getByText(words.substitutes.active, { exact: true }).waitFor();
  await me.settle();
  await shot(me, 'substitutes-1-named');
}
