// Working an inbox: by keyboard on a desk, one after another on a phone; nothing happens twice.
import { strict as assert } from 'node:assert';
import { Inbox, Request } from '../pages/app.mjs';

export const name = 'inbox: decisions one after another';
export const plays = 'stand-in';

export async function run({ as }) {
  const head = await as('pharma', 'sales-head');
  const inbox = new Inbox(head);
  await inbox.open();
  const before = await inbox.cards().count();
  assert.ok(before >= 3, `an inbox to work on, not ${before}`);
  if (head.phone) await inbox.cards().first().click();
  else {
    await head.page.locator('.task-card.chosen').waitFor();
    const first = await head.page.locator('.task-card.chosen').innerText();
    await head.page.keyboard.press('j');
    await head.page.waitForFunction((text) => document.querySelector('.task-card.chosen')?.innerText !== text, first);
    await byKeyboard(head);
  }
  await head.page.locator('.action-bar').waitFor();
  await head.settle();
  let sent = 0;
  head.page.on('request', (request) => {
    if (/\/tasks\/\d+\/approve$/.test(request.url())) sent += 1;
  });
  const number = await new Request(head).number();
  await head.page.locator('.action-bar .forward').dblclick();
  await head.toast(head.words.act.done.approve);
  assert.equal(sent, 1, 'a double click sends once');
  // The next one is there without going back.
  await head.page.waitForFunction((old) => {
    const now = document.querySelector('.request-number')?.textContent;
    return now && now !== old;
  }, number);
  await inbox.open();
  assert.equal(await inbox.cards().count(), before - 1);
}

/** A question begins in its field, and the focus goes back to where it was. */
async function byKeyboard({ page }) {
  const focused = (selector) => page.waitForFunction((wanted) => document.activeElement?.matches(wanted), selector);
  await page.locator('.action-bar').waitFor();
  await page.locator('.request-more').focus();
  await page.keyboard.press('r');
  await page.getByRole('dialog').waitFor();
  await focused('[role="dialog"] textarea');
  await page.keyboard.press('Escape');
  await focused('.request-more');
}
