// Money at a drug maker: a budget is allotted, a plan goes office -> region -> headquarters -> finance, a claim spends out of it, and
// the page of balances tells every move of it.
import { strict as assert } from 'node:assert';
import { labelOf, titlesOf } from '../lib/packs.mjs';
import { Balances, Form, Inbox, Request } from '../pages/app.mjs';

export const name = 'pharma: an expense plan and what is left of it';
export const plays = 'server';
export const runs = ['desk-zh', 'phone-zh'];

const FLOWS = {
  zh: { budget: '费用预算下达', plan: '费用使用计划', claim: '费用报销', office: '滨江办事处', budgets: '办事处费用预算', plans: '费用计划额度' },
  en: { budget: 'Expense budget of an office', plan: 'Expense-use plan', claim: 'Expense claim', office: '滨江办事处', budgets: 'Expense budgets of offices', plans: 'Plan budgets' },
};

export async function run({ as, language, turn, shot }) {
  const flows = FLOWS[language];
  const trade = await as('pharma', 'trade-manager');
  const director = await as('pharma', 'general-manager');
  const treasurer = await as('pharma', 'finance-manager');
  await allot(trade, flows, language, turn);
  for (const person of [treasurer, director]) {
    await new Inbox(person).take(flows.budget);
    await new Request(person).forward('approve');
  }

  const office = await as('pharma', 'office-head');
  const region = await as('pharma', 'regional-head');
  const plan = await draft(office, flows, language, turn);
  await new Inbox(region).take(flows.plan);
  await new Form(region).text(titlesOf('pharma', 'expense-plan', language).opinion, '同意，按月报送结果。');
  await new Request(region).forward('approve');
  // What the region confirmed is held at once.
  await held(trade, flows, plan, shot);
  for (const person of [trade, treasurer]) {
    await new Inbox(person).take(flows.plan);
    await new Request(person).forward('approve');
  }

  const balances = new Balances(office);
  await balances.find(plan);
  assert.deepEqual(await balances.figures(), ['12,000.00', '0.00', '12,000.00'], 'committed, and nothing spent');
  const claim = await spend(office, flows, language, plan, turn);
  await balances.find(plan);
  assert.deepEqual(await balances.figures(), ['12,000.00', '3,500.00', '8,500.00'], 'a claim on its way holds its sum');
  await new Inbox(region).take(flows.claim);
  await new Request(region).forward('approve');
  await pay(await as('pharma', 'finance'), flows.claim, language);
  await balances.find(plan);
  assert.deepEqual(await balances.figures(), ['8,800.00', '0.00', '8,800.00'], 'what was allowed is spent, what was cut is back');
  const { moves } = office.words.balance;
  const told = await balances.moves();
  assert.deepEqual(
    told.map((move) => move.replace(/\s+/g, ' ')),
    [`${moves.spent} 3,200.00`, `${moves.reserved} 3,500.00`, `${moves.posted} 12,000.00`],
  );
  await shot(office, 'expense-5-balance');
  // From a move to the request behind it.
  await office.page.locator('.moves a', { hasText: claim }).first().click();
  await office.page.locator('.request-title').waitFor();
  assert.equal(await new Request(office).number(), claim);

  // Somebody who has no part in it sees nothing of it: at most what they hold themselves, on another account.
  const other = await as('pharma', 'salesperson');
  await other.goTo('/balances', other.words.balance.title);
  const cards = other.page.locator('.balance-card');
  await other.page.getByText(other.words.balance.empty, { exact: true }).or(cards).first().waitFor();
  for (const account of [flows.budgets, flows.plans]) assert.equal(await cards.filter({ hasText: account }).count(), 0);
  await shot(other, 'expense-6-nothing');
}

async function begin(person, flow) {
  await person.goTo('/start', person.words.start.choose);
  await person.page.getByText(flow, { exact: true }).click();
  await person.page.getByRole('heading', { name: flow }).waitFor();
  return new Form(person);
}

async function submitted(person, form) {
  await form.submit();
  await person.page.waitForURL(/\/requests\/[0-9a-f]/);
  await person.settle();
  return new Request(person).number();
}

async function allot(trade, flows, language, turn) {
  const titles = titlesOf('pharma', 'expense-budget', language);
  const form = await begin(trade, flows.budget);
  await form.choose(titles.office, flows.office);
  await form.text(titles.amount, '20000');
  await form.text(titles.reason, `铺货第 ${turn + 1} 批`);
  return submitted(trade, form);
}

async function draft(office, flows, language, turn) {
  const titles = titlesOf('pharma', 'expense-plan', language);
  const form = await begin(office, flows.plan);
  const label = (field, value) => labelOf('pharma', 'expense-plan', field, value, language);
  await form.text(titles.scheme, `春季门诊推广第 ${turn + 1} 批，预期月销增一成。`);
  await office.page.getByRole('button', { name: office.words.form.addRow }).first().click();
  await form.chooseInRow(0, titles.category, label('category', 'promotion'));
  await form.chooseInRow(0, titles.product_class, label('product_class', 'prescription'));
  await form.inRow(0, titles.purpose, '门诊宣传');
  await form.inRow(0, titles.amount, '12000');
  return submitted(office, form);
}

/** The line of the office holds the plan, and the plan is what moved it last. */
async function held(trade, flows, plan, shot) {
  const balances = new Balances(trade);
  await balances.open();
  await trade.page.locator('.balance-line', { hasText: flows.office }).first().click();
  await trade.page.locator('.moves li').first().waitFor();
  const [last] = await balances.moves();
  assert.match(last, /12,000\.00/);
  assert.match(await trade.page.locator('.moves li').first().innerText(), new RegExp(plan));
  await shot(trade, 'expense-1-held');
}

async function spend(office, flows, language, plan, turn) {
  const titles = titlesOf('pharma', 'expense-claim', language);
  const label = (field, value) => labelOf('pharma', 'expense-claim', field, value, language);
  const form = await begin(office, flows.claim);
  await form.text(titles.plan_no, plan);
  await office.page.getByRole('button', { name: office.words.form.addRow }).first().click();
  await form.chooseInRow(0, titles.category, label('category', 'promotion'));
  await form.dateInRow(0, titles.spent_on, '2026-11-18');
  await form.inRow(0, titles.what, `展架与资料 ${turn + 1}`);
  await form.inRow(0, titles.amount, '3500');
  return submitted(office, form);
}

async function pay(finance, flow, language) {
  const titles = titlesOf('pharma', 'expense-audit', language);
  await new Inbox(finance).take(flow);
  const form = new Form(finance);
  await form.text(titles.allowed, '3200');
  await form.text(titles.why_cut, '一张票据没有抬头，核减 300 元。');
  await form.text(titles.voucher_no, '记-2101');
  await form.date(titles.paid_on, '2026-11-20');
  await finance.settle();
  await new Request(finance).forward('fill');
}
