// A consultant tries a release on data of people: what is wrong with the data, totals, whom it concerns, both explanations.
import { strict as assert } from 'node:assert';

export const name = 'pilot: a candidate beside the current release';
export const plays = 'stand-in';

const ROWS = 'payee,bad_debt\nzhou,8000.00\nliu,120.00\nli,0.00\n';

export async function run({ as, shot }) {
  const me = await as('pharma', 'admin');
  const { page, words } = me;
  await me.goTo('/admin/pilots', words.pilot.title);
  await page.getByRole('button', { name: words.pilot.new }).click();
  await page.getByRole('heading', { name: words.pilot.new }).waitFor();
  await me.settle();
  await wrongData(me, shot);
  await page.getByLabel(words.pilot.rows, { exact: false }).first().fill(ROWS);
  await page.locator('.pilot-form button[type=submit]').click();

  // The result: what is more, how it is spread, and whom it concerns most.
  await page.locator('.totals .big', { hasText: '+¥1,624.00' }).waitFor();
  await me.settle();
  assert.equal(await page.locator('.spread rect').count(), 6);
  const payees = page.locator('.payee-table tbody tr, .payee-cards > li');
  assert.equal(await payees.count(), 3);
  assert.match(await payees.first().innerText(), /周敏[\s\S]*1,600\.00/);
  await shot(me, 'pilot-result');
  await page.getByLabel(words.pilot.searchPayee).fill('liu');
  await page.waitForFunction(() => document.querySelectorAll('.payee-table tbody tr, .payee-cards > li').length === 1);

  // Both explanations of one payee, by keyboard.
  await payees.first().getByRole('link').focus();
  await page.keyboard.press('Enter');
  await page.locator('.pair .explanation').nth(1).waitFor();
  const sides = await page.locator('.pair > section').allInnerTexts();
  assert.equal(sides.length, 2);
  assert.ok(sides[0].includes('0.30') && sides[1].includes('0.50'), sides.join('\n---\n'));
  await shot(me, 'pilot-payee');
  await page.getByRole('link', { name: words.pilot.toPilot }).click();
  await page.getByRole('link', { name: words.pilot.toList }).click();
  await page.locator('.task-card').first().waitFor();
  await shot(me, 'pilot-list');
}

/** Nothing is run while something is missing, and a mistake is told with its place. */
async function wrongData({ page, words, settle }, shot) {
  const go = page.locator('.pilot-form button[type=submit]');
  await go.click();
  await page.locator('.field.wrong', { hasText: words.pilot.missing }).waitFor();
  await page.getByLabel(words.pilot.rows, { exact: false }).first().fill('payee\nzhou\n');
  await go.click();
  await page.getByRole('alert').filter({ hasText: 'rows.csv:1:1' }).waitFor();
  await shot({ page, words, settle }, 'pilot-wrong');
}
