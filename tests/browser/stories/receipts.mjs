// A courier's chain of receipts: picked up, printed, handed over 24 hours ahead, checked, tidied, brought back, settled; every
// hand-over is counted, and what does not add up goes no further.
import { strict as assert } from 'node:assert';
import { labelOf, titlesOf } from '../lib/packs.mjs';
import { Form, Inbox, Request } from '../pages/app.mjs';

export const name = 'logistics: receipts from pickup to settlement';
export const plays = 'server';
export const runs = ['phone-zh', 'desk-en'];

const TEXTS = {
  zh: { flow: '取件到结算签收链', missing: '签收单少了，找齐再签' },
  en: { flow: 'From pickup to settlement', missing: 'Receipts are missing, find them first' },
};

export async function run({ as, language, turn, shot }) {
  const texts = TEXTS[language];
  const titles = (form) => titlesOf('logistics', form, language);
  const customer = `望京图文社 ${turn + 1} 店`;
  const sales = await as('logistics', 'salesperson');
  const clerk = await as('logistics', 'data-clerk');
  const head = await as('logistics', 'delivery-head');

  const form = new Form(sales);
  await sales.goTo('/start', sales.words.start.choose);
  await sales.page.getByText(texts.flow, { exact: true }).click();
  await sales.page.getByRole('heading', { name: texts.flow }).waitFor();
  const batch = titles('receipt-batch');
  await form.text(batch.customer, customer);
  await form.choose(batch.goods, labelOf('logistics', 'receipt-batch', 'goods', 'documents', language));
  await form.text(batch.receipts, '20');
  await form.moment(batch.planned_at, inDays(4));
  await form.submit();
  await sales.page.waitForURL(/\/requests\/[0-9a-f]/);
  await sales.settle();
  const number = await new Request(sales).number();
  assert.match(number, /^QS-\d{6}-\d{4}$/);

  await fill(await as('logistics', 'courier'), customer, [[titles('pickup').pieces, '20'], [titles('pickup').weight, '8.25']]);
  const wanted = titles('print-request');
  await new Inbox(sales).take(customer);
  await form.choose(wanted.layout, labelOf('logistics', 'print-request', 'layout', 'standard', language));
  await form.text(wanted.copies_each, '3');
  await new Request(sales).forward('fill');

  // One receipt too few is not taken, and the reason stands there.
  await handOver(clerk, customer, titles('receipt-handover'), '19', null);
  await clerk.page.getByText(texts.missing).first().waitFor();
  await shot(clerk, 'receipts-1-missing');
  await new Form(clerk).text(titles('receipt-handover').receipts, '20');
  await new Request(clerk).forward('fill');

  await fill(sales, customer, [[titles('delivery-notice').area, '望京东'], [titles('delivery-notice').contact, '前台']]);
  await handOver(head, customer, titles('receipt-handover'), '20', 'fill');
  const check = titles('receipt-check');
  await fill(await as('logistics', 'service'), customer, [[check.checked, '2'], [check.failed, '0']]);
  await handOver(clerk, customer, titles('receipt-handover'), '20', 'fill');
  await handOver(await as('logistics', 'business-head'), customer, titles('receipt-handover'), '20', 'fill');

  await new Inbox(sales).take(customer);
  const settled = titles('settlement');
  await form.text(settled.amount, '240');
  await form.date(settled.settled_on, inDays(0).slice(0, 10));
  await form.choose(settled.method, labelOf('logistics', 'settlement', 'method', 'transfer', language));
  await shot(sales, 'receipts-2-settlement');
  await new Request(sales).forward('fill');

  await sales.goTo('/requests');
  await sales.page.getByText(number).first().click();
  await new Request(sales).ended(sales.words.lists.statuses.archived);
  // Four numbered hand-overs stand in the route, each done.
  const steps = await sales.page.locator('.route-step.done .route-title strong').allInnerTexts();
  const numbered = language === 'zh' ? /第([一二三四])次交接：/ : /Hand-over ([1-4]),/;
  assert.equal(steps.filter((step) => numbered.test(step)).length, 4, steps.join('; '));
  assert.equal(await sales.page.locator('.copies li').count(), 3);
  await shot(sales, 'receipts-3-archived');
}

async function fill(person, customer, fields) {
  await new Inbox(person).take(customer);
  const form = new Form(person);
  for (const [title, value] of fields) await form.text(title, value);
  await person.settle();
  await new Request(person).forward('fill');
}

async function handOver(person, customer, titles, count, done) {
  await new Inbox(person).take(customer);
  const form = new Form(person);
  await form.text(titles.receipts, count);
  await form.moment(titles.handed_over_at, now());
  await person.settle();
  if (done) await new Request(person).forward(done);
  else await person.page.locator('.action-bar .forward').click();
}

/** This minute, as the company's clock shows it. */
function now() {
  const zone = { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  return `${inDays(0).slice(0, 10)} ${new Intl.DateTimeFormat('sv-SE', zone).format(new Date())}`;
}

/** A moment of the company some days from now, as its fields take it. */
function inDays(days) {
  const at = new Date(Date.now() + days * 86_400_000);
  return `${new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(at)} 10:00`;
}
