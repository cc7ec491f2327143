// What goes wrong on the way: a lost connection, somebody else who was quicker, a request that is taken back.
import { strict as assert } from 'node:assert';
import { Form, Inbox, Request } from '../pages/app.mjs';

export const name = 'trouble: lost connection, withdrawn request, quicker colleague';
export const plays = 'stand-in';

const TITLES = {
  zh: { cause: '原因认定', unknown: '不明', commission: '本月提成', voucher: '凭证号', booked: '入账日期' },
  en: { cause: 'Cause found', unknown: 'Unknown', commission: 'Commission this month', voucher: 'Voucher', booked: 'Booked on' },
};

export async function run({ as, language, shot }) {
  const head = await as('pharma', 'sales-head');
  await lostConnection(head, shot);
  await withdrawn(head, await as('pharma', 'salesperson'), shot);
  const quick = await as('pharma', 'finance');
  const slow = await as('pharma', 'finance-2');
  // Without hints, so that the page does not learn of it by itself.
  await slow.page.route('**/api/v1/events', (route) => route.abort());
  await slow.page.reload();
  for (const person of [quick, slow]) {
    await new Inbox(person).open();
    await new Inbox(person).choose('惠民大药房');
    await fill(person, TITLES[language]);
  }
  await new Request(quick).forward('fill');
  await slow.page.locator('.action-bar .forward').click();
  // The page explains, fetches the request again, and there is nothing left to do on it.
  await slow.page.locator('.toast.bad', { hasText: slow.words.problems.closed }).waitFor();
  await shot(slow, 'trouble-closed');
  await slow.page.locator('.action-bar').waitFor({ state: 'detached' });
}

async function fill(person, titles) {
  const form = new Form(person);
  await form.choose(titles.cause, titles.unknown);
  await form.text(titles.commission, '5000');
  await form.text(titles.voucher, 'JZ-3001');
  await form.date(titles.booked, '2026-11-20');
  await person.settle();
}

/** A decision whose answer is lost is sent again under the same key. */
async function lostConnection(head, shot) {
  await new Inbox(head).open();
  await new Inbox(head).choose('同心社区卫生站');
  const keys = [];
  await head.page.route('**/approve', async (route) => {
    keys.push(route.request().headers()['idempotency-key']);
    await (keys.length === 1 ? route.abort() : route.continue());
  });
  await head.page.locator('.action-bar .forward').click();
  await head.page.locator('.action-bar .notice', { hasText: head.words.problems.unreachable }).waitFor();
  await shot(head, 'trouble-lost');
  await head.page.locator('.action-bar .forward').click();
  await head.toast(head.words.act.done.approve);
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
}

/** What is taken back while somebody looks at it stays on their screen, and says that nothing is left to do. */
async function withdrawn(head, owner, shot) {
  const { request } = owner.words;
  await new Inbox(head).open();
  await new Inbox(head).choose('拜访城东三家客户');
  await owner.goTo('/requests');
  await owner.page.locator('main a', { hasText: '拜访城东三家客户' }).first().click();
  await owner.page.locator('.request-more').click();
  await owner.page.getByRole('menuitem', { name: request.withdraw, exact: true }).click();
  await owner.page.getByRole('dialog').getByRole('button', { name: request.withdraw, exact: true }).click();
  await owner.toast(request.withdrawn);
  await head.page.locator('.notice', { hasText: head.words.problems.gone }).waitFor();
  await shot(head, 'trouble-withdrawn');
  assert.equal(await head.page.locator('.action-bar').count(), 0);
}
