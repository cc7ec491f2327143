// A sale on credit: the limit is looked up while the customer's number is typed, and what is beyond it is refused.
import { strict as assert } from 'node:assert';
import { titlesOf } from '../lib/packs.mjs';
import { Form, Inbox, Request } from '../pages/app.mjs';

export const name = 'pharma: a credit limit looked up while typing';
export const plays = 'server';

const TEXTS = {
  zh: { flow: '赊销开票申请', beyond: '超过信用额度', term: '账期超过允许的天数' },
  en: { flow: 'Credit-sale invoice request', beyond: 'The credit limit is exceeded', term: 'The term is longer than allowed' },
};

export async function run({ as, language, turn, shot }) {
  const texts = TEXTS[language];
  const titles = titlesOf('pharma', 'credit-sale', language);
  const customer = `西塘大药房 ${turn + 1} 号店`;
  const sales = await as('pharma', 'salesperson');
  const { page, words } = sales;
  const form = new Form(sales);
  const limit = page.locator('.slot').filter({ hasText: titles.credit_limit }).locator('.read');

  await sales.goTo('/start', words.start.choose);
  await page.getByText(texts.flow, { exact: true }).click();
  await page.getByRole('heading', { name: texts.flow }).waitFor();
  // Nobody can type a limit, and the form says where it comes from.
  assert.equal(await page.getByLabel(titles.credit_limit).count(), 0);
  await page.locator('.slot').filter({ hasText: titles.credit_limit }).getByText(words.form.lookedUp).waitFor();

  await form.text(titles.customer_no, `K-800${turn + 1}`);
  await limit.getByText('¥50,000.00').waitFor();
  await shot(sales, 'lookup-1-found');
  // Another number: the limit of the first goes, and that there is none is said.
  await form.text(titles.customer_no, 'K-7999');
  await limit.getByText(words.form.lookedUpNothing).waitFor();
  await shot(sales, 'lookup-2-nothing');
  await form.text(titles.customer_no, `K-800${turn + 1}`);
  await limit.getByText('¥50,000.00').waitFor();
  await form.text(titles.customer_no, '');
  await limit.getByText('—', { exact: true }).waitFor();

  // A customer without a limit gets no credit.
  await form.text(titles.customer_no, 'K-7999');
  await form.text(titles.customer_name, customer);
  await page.getByRole('button', { name: words.form.addRow }).click();
  await form.inRow(0, titles.name, '复方感冒片');
  await form.inRow(0, titles.price, '30');
  await form.inRow(0, titles.quantity, '2000');
  await form.text(titles.term_days, '30');
  await form.submit();
  await page.getByText(texts.term).first().waitFor();
  await shot(sales, 'lookup-3-no-limit');
  // 60,000 on a limit of 50,000 is too much, 45,000 is not.
  await form.text(titles.customer_no, `K-800${turn + 1}`);
  await limit.getByText('¥50,000.00').waitFor();
  await form.submit();
  await page.getByText(texts.beyond).first().waitFor();
  await form.inRow(0, titles.quantity, '1500');
  await form.submit();
  await page.waitForURL(/\/requests\/[0-9a-f]/);
  await sales.settle();
  const number = await new Request(sales).number();
  assert.match(number, /^KP-\d{6}-\d{4}$/);
  await keeps(sales, titles);
  await shot(sales, 'lookup-4-submitted');

  const head = await as('pharma', 'sales-head');
  await new Inbox(head).take(customer);
  await keeps(head, titles);
  await new Request(head).forward('approve');
}

/** The limit stands in the request as it was found. */
async function keeps({ page }, titles) {
  const main = await page.locator('main').innerText();
  assert.ok(main.includes(titles.credit_limit) && main.includes('¥50,000.00'), `${main} does not keep the limit`);
}
