// A bad debt at a drug maker: asked for, returned, repaired, approved, booked, computed, archived.
import { strict as assert } from 'node:assert';
import { labelOf, titlesOf } from '../lib/packs.mjs';
import { Form, Inbox, Request } from '../pages/app.mjs';

export const name = 'pharma: a bad debt from request to archive';
export const plays = 'server';

const FLOW = { zh: '坏账申请', en: 'Bad-debt request' };

export async function run({ as, language, turn, shot }) {
  const titles = titlesOf('pharma', 'bad-debt', language);
  const customer = `新城药房 ${turn + 1} 号店`;

  const sales = await as('pharma', 'salesperson');
  const form = new Form(sales);
  await sales.goTo('/start', sales.words.start.choose);
  await sales.page.getByText(FLOW[language], { exact: true }).click();
  await sales.page.getByRole('heading', { name: FLOW[language] }).waitFor();
  await sales.page.getByText('李建国').first().waitFor();
  await form.submit();
  await sales.page.getByText(sales.words.form.problems(9)).waitFor();
  await shot(sales, 'pharma-1-errors');
  await form.text(titles.customer_name, customer);
  await form.text(titles.customer_no, 'K-17');
  await form.text(titles.person_in_charge, '孙立群');
  await form.text(titles.address, '滨江市解放路 18 号');
  await form.text(titles.phone, '138 0000 1234');
  await form.person(titles.salesperson, sales.account.name);
  await form.text(titles.amount, '12800.5');
  await form.text(titles.facts, '客户自九月起停止回款，三次上门无人，电话停机。');
  await form.text(titles.why_unrecoverable, '下落不明，无可执行财产。');
  // The pattern's own message stands under the field, and the amount has been put into order.
  await sales.page.getByText(language === 'zh' ? '客户编号为 K- 加四位数字' : 'The customer number is K- and four digits').first().waitFor();
  assert.equal(await sales.page.getByLabel(titles.amount).first().inputValue(), '12800.50');
  await form.text(titles.customer_no, 'K-0090');
  await sales.page.locator('.draft-status', { hasText: language === 'zh' ? '草稿已保存' : 'Draft saved' }).waitFor();
  await shot(sales, 'pharma-2-filled');
  await form.submit();
  await sales.page.waitForURL(/\/requests\//);
  const number = await new Request(sales).number();
  assert.match(number, /^HZ-\d{6}-\d{4}$/);

  const head = await as('pharma', 'sales-head');
  const atHead = new Request(head);
  await new Inbox(head).take(customer);
  await shot(head, 'pharma-3-head');
  await atHead.giveBack('请补充催收函。', 'direct');

  await new Inbox(sales).take(customer);
  await form.text(titles.facts, '客户自九月起停止回款，三次上门无人。催收函已寄出两封，均被退回。');
  await shot(sales, 'pharma-4-revise');
  await new Request(sales).forward('resubmit');

  await new Inbox(head).take(customer);
  await head.page.locator('.action-bar .forward').click();
  await head.page.getByText(head.words.form.problems(1)).waitFor();
  await new Form(head).text(titles.opinion, '情况属实，同意。');
  await atHead.comment('已核实。');
  await atHead.forward('approve');

  const manager = await as('pharma', 'general-manager');
  await new Inbox(manager).take(customer);
  await new Request(manager).forward('approve');

  const finance = await as('pharma', 'finance');
  await new Inbox(finance).take(customer);
  const written = titlesOf('pharma', 'write-off', language);
  const booking = new Form(finance);
  await booking.choose(written.cause, labelOf('pharma', 'write-off', 'cause', 'handler_irresponsible', language));
  await booking.text(written.grounds, '连续两个季度没有拜访客户。');
  await booking.text(written.voucher_no, 'JZ-2001');
  await booking.date(written.booked_on, '2026-11-20');
  await finance.settle();
  await shot(finance, 'pharma-5-booking');
  await new Request(finance).forward('fill');

  await archived(sales, number, shot);
}

/** The request lies in the archive in three copies, and its deduction unfolds to clause, param and line of the script. */
async function archived(sales, number, shot) {
  await sales.goTo('/requests');
  await sales.page.getByText(number).first().click();
  const request = new Request(sales);
  await request.ended(sales.words.lists.statuses.archived);
  assert.equal(await request.number(), number);
  assert.equal(await sales.page.locator('.copies li').count(), 3);
  // 30 % of 12 800.50; there is no commission yet to take it from, so all of it is carried.
  assert.match(await sales.page.locator('.outputs').first().innerText(), /¥3,840\.15/);
  await request.explain();
  const tree = await sales.page.locator('.explanation .tree').innerText();
  assert.match(tree, /D1 142/);
  assert.match(tree, /bad-debt-rate/);
  await request.showLine();
  await sales.settle();
  await shot(sales, 'pharma-6-archived');
}
