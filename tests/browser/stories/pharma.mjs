// A bad debt at a wholesaler of medicines: asked for, returned, repaired, approved, booked, computed, archived.
import { strict as assert } from 'node:assert';
import { Form, Inbox, Request } from '../pages/app.mjs';

export const name = 'pharma: a bad debt from request to archive';

const TITLES = {
  zh: {
    flow: '坏账申请',
    customer: '客户名称',
    number: '客户编号',
    amount: '坏账金额',
    month: '发生月份',
    salesperson: '经办业务员',
    facts: '事实经过',
    why: '无法收回的原因',
    missing: '下落不明',
    guaranteed: '有担保',
    guarantee: '担保说明',
    opinion: '核准意见',
    cause: '原因认定',
    careless: '经办人失职',
    commission: '本月提成',
    voucher: '凭证号',
    booked: '入账日期',
    deducted: '本月扣减',
  },
  en: {
    flow: 'Bad-debt request',
    customer: 'Customer name',
    number: 'Customer number',
    amount: 'Amount',
    month: 'Month',
    salesperson: 'Salesperson',
    facts: 'Facts',
    why: 'Why it cannot be recovered',
    missing: 'Whereabouts unknown',
    guaranteed: 'Guaranteed',
    guarantee: 'About the guarantee',
    opinion: 'Opinion of the sales head',
    cause: 'Cause found',
    careless: 'Handler careless',
    commission: 'Commission this month',
    voucher: 'Voucher',
    booked: 'Booked on',
    deducted: 'Deducted this month',
  },
};

export async function run({ as, language, shot }) {
  const titles = TITLES[language];
  const customer = `新城药房 ${Math.floor(performance.now() * 1000) % 10_000}`;

  const zhou = await as('pharma', 'salesperson');
  const form = new Form(zhou);
  await zhou.goTo('/start', zhou.words.start.choose);
  await zhou.page.getByText(titles.flow, { exact: true }).click();
  await zhou.page.getByRole('heading', { name: titles.flow }).waitFor();
  await form.submit();
  await zhou.page.getByText(zhou.words.form.problems(7)).waitFor();
  await shot(zhou, 'pharma-1-errors');
  await form.text(titles.customer, customer);
  await form.text(titles.number, 'K-01');
  await form.text(titles.amount, '12800.5');
  await form.choose(titles.month, language === 'zh' ? '2026年11月' : 'November 2026');
  await form.person(titles.salesperson, zhou.account.name);
  await form.text(titles.facts, '客户自九月起停止回款，三次上门无人，电话停机。');
  await form.choose(titles.why, titles.missing);
  // The pattern's own message stands under the field, and the amount has been put into order.
  await zhou.page.getByText('K-0017').first().waitFor();
  assert.equal(await zhou.page.getByLabel(titles.amount).first().inputValue(), '12800.50');
  await form.text(titles.number, 'K-0090');
  await zhou.page.getByRole('switch').click();
  await form.text(titles.guarantee, '法定代表人个人担保');
  await zhou.settle();
  await zhou.page.locator('.draft-status', { hasText: language === 'zh' ? '草稿已保存' : 'Draft saved' }).waitFor();
  await shot(zhou, 'pharma-2-filled');
  await form.submit();
  await zhou.page.waitForURL(/\/requests\//);
  const number = await new Request(zhou).number();

  const head = await as('pharma', 'sales-head');
  await new Inbox(head).open();
  await new Inbox(head).choose(customer);
  const atHead = new Request(head);
  await shot(head, 'pharma-3-head');
  await atHead.giveBack('请补充催收函。', 'direct');

  await new Inbox(zhou).open();
  await new Inbox(zhou).choose(customer);
  await form.text(titles.facts, '客户自九月起停止回款，三次上门无人。催收函已附。');
  await shot(zhou, 'pharma-4-revise');
  await new Request(zhou).forward('resubmit');

  await new Inbox(head).open();
  await new Inbox(head).choose(customer);
  await new Form(head).text(titles.opinion, '情况属实，同意。');
  await atHead.comment('已核实。');
  await atHead.forward('approve');

  const manager = await as('pharma', 'general-manager');
  await new Inbox(manager).open();
  await new Inbox(manager).choose(customer);
  await new Request(manager).forward('approve');

  const finance = await as('pharma', 'finance');
  await new Inbox(finance).open();
  await new Inbox(finance).choose(customer);
  const booking = new Form(finance);
  await booking.choose(titles.cause, titles.careless);
  await booking.text(titles.commission, '5000');
  await booking.text(titles.voucher, 'JZ-2001');
  await booking.date(titles.booked, '2026-11-20');
  await finance.settle();
  await shot(finance, 'pharma-5-booking');
  await new Request(finance).forward('fill');

  await zhou.goTo(zhou.page.url().includes('/requests/') ? zhou.page.url() : '/requests');
  await zhou.goTo('/requests', undefined);
  await zhou.page.getByText(number).first().click();
  const done = new Request(zhou);
  await zhou.page.getByText(titles.deducted).first().waitFor();
  assert.match(await zhou.page.locator('.outputs').first().innerText(), /3,840\.15/);
  await done.explain();
  await zhou.page
    .getByRole('button', { name: zhou.words.policy.line(2) })
    .first()
    .click();
  await zhou.page.locator('.script li.lit').waitFor();
  await zhou.settle();
  await shot(zhou, 'pharma-6-archived');
  assert.equal(await zhou.page.locator('.copies li').count(), 3);
}
