// Next year is missing: an administrator sees what that means, imports it, and takes it out again.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';

export const name = 'calendar: a year that nobody has entered';
export const plays = 'stand-in';

/** As they may be announced: invented, and as many as the law gives. */
const FREE = ['01-01', '02-05', '02-08', '02-09', '02-10', '02-11', '04-05', '05-03', '06-09', '09-15', '10-01', '10-04', '10-05'];

export async function run({ as, shot }) {
  const me = await as('pharma', 'admin');
  const { page } = me;
  // A year that somebody typed is refused in words, with a way to this one.
  await me.goTo('/calendar?year=99999');
  await page.getByRole('alert').filter({ hasText: '9999' }).getByRole('button').click();
  await page.locator('.month').first().waitFor();
  assert.equal(new URL(page.url()).search, '');
  await me.goTo('/calendar');
  const banner = page.locator('.missing-year');
  const year = Number((await banner.locator('strong').innerText()).match(/\d{4}/)?.[0]);
  await banner.getByRole('button').press('Enter');

  // The template is a file that spreadsheets open; an empty sheet is not sent.
  await page.locator('.example summary').click();
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('.example .row button').first().click()]);
  assert.equal(file.suggestedFilename(), `calendar-${year}.csv`);
  assert.match(readFileSync(await file.path(), 'utf8'), new RegExp(`^\uFEFFdate,day,name,name_en\n${year}-01-01,holiday,元旦`));
  const send = page.locator('form button[type=submit]');
  await send.click();
  await page.locator('.field.wrong').waitFor();

  // What is wrong is told at its line, and nothing is kept.
  const field = page.locator('.csv textarea');
  await field.fill(`date,day,name\n${year}-01-01,闲,元旦\n`);
  await send.click();
  await page.getByRole('alert').filter({ hasText: /day/ }).filter({ hasText: '闲' }).waitFor();
  await shot(me, 'calendar-wrong');

  const rows = FREE.map((day) => `${year}-${day},holiday,假日`);
  const sheet = ['date,day,name', ...rows, `${year}-01-09,班,调休`, ''].join('\n');
  await page.locator('.csv input[type=file]').setInputFiles({ name: 'days.csv', mimeType: 'text/csv', buffer: Buffer.from(sheet) });
  const tick = page.getByRole('checkbox');
  await tick.focus();
  await page.keyboard.press('Space');
  assert.ok(await tick.isChecked());
  await send.press('Enter');
  await page.locator('.imported-years .pill.good').waitFor();
  assert.match(await page.locator('.imported-years').innerText(), /14/);
  await me.settle();
  await shot(me, 'calendar-imported');

  // Everybody sees the year now.
  await page.locator('.imported-years ~ .row button').first().click();
  await page.locator('.month td.own').first().waitFor();
  assert.equal(await page.locator('.month td.own').count(), 14);
  assert.equal(await banner.count(), 0);
  await me.settle();
  await shot(me, 'calendar-year');

  await page.locator('.year-head > button').click();
  const question = page.getByRole('dialog');
  await question.filter({ hasText: String(year) }).waitFor();
  await question.getByRole('button').last().click();
  await banner.waitFor();
  assert.equal(await page.locator('.month td.own').count(), 0);
}
