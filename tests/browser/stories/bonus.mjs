// A consultant tries a higher bonus on the real server: a wrong file, the totals, one salesperson under both releases.
import { strict as assert } from 'node:assert';

export const name = 'bonus: a consultant tries a release';
export const plays = 'server';

const ROWS = 'payee,period,attendance\nzhou,2026-03,1\nliu,2026-03,0.95\nxu,2026-03,1\n';
const SALES = 'salesperson,month,amount\nzhou,2026-03,200000.00\nliu,2026-03,120000.00\nxu,2026-03,60000.00\n';

export async function run({ as, shot }) {
  const me = await as('bonus', 'consultant');
  const { page, words } = me;
  await me.goTo('/admin/pilots/new');
  const rows = page.getByLabel(words.pilot.rows, { exact: false }).first();
  const go = page.locator('.pilot-form button[type=submit]');
  await rows.fill(ROWS.replace('0.95', '9.5'));
  await page.getByLabel(words.pilot.facts('sale'), { exact: false }).first().fill(SALES);
  await go.click();
  await page.getByRole('alert').filter({ hasText: 'rows.csv:3:13' }).waitFor();
  await shot(me, 'bonus-wrong');

  // As a file of one's own computer.
  await page.locator('input[type=file]').first().setInputFiles({ name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from(ROWS) });
  await go.click();
  await page.locator('.totals .big', { hasText: '+¥1,785.00' }).waitFor();
  await me.settle();
  assert.ok((await page.locator('.spread rect').count()) > 2);
  const payees = page.locator('.payee-table tbody tr, .payee-cards > li');
  assert.equal(await payees.count(), 3);
  assert.match(await payees.first().innerText(), /周敏[\s\S]*1,500\.00/);
  await shot(me, 'bonus-result');

  await payees.first().getByRole('link').click();
  await page.locator('.pair .explanation').nth(1).waitFor();
  const sides = await page.locator('.pair > section').allInnerTexts();
  assert.ok(sides[0].includes('3,000.00') && sides[1].includes('4,500.00'), sides.join('\n---\n'));
  await shot(me, 'bonus-payee');
  await me.goTo('/admin/pilots', words.pilot.title);
  await page.locator('.task-card', { hasText: '+¥1,785.00' }).first().waitFor();
}
