// A committee at a drug maker: a salesperson asks for credit, four members vote, the chair keeps the minutes, the customer gets half.
import { strict as assert } from 'node:assert';
import { labelOf, titlesOf } from '../lib/packs.mjs';
import { Ballot, Form, Inbox, Request } from '../pages/app.mjs';

export const name = 'pharma: the credit committee votes';
export const plays = 'server';
export const runs = ['phone-zh', 'desk-en'];

const FLOW = { zh: '信用评审', en: 'Credit review' };
const MINUTES = '三票同意，一票反对。按首次授信办理，一个季度后复评。';

export async function run({ as, language, turn, shot }) {
  const titles = titlesOf('pharma', 'credit-review', language);
  const customer = `东湖大药房 ${turn + 1} 号店`;
  const sales = await as('pharma', 'salesperson');
  const form = new Form(sales);
  await sales.goTo('/start', sales.words.start.choose);
  await sales.page.getByText(FLOW[language], { exact: true }).click();
  await sales.page.getByRole('heading', { name: FLOW[language] }).waitFor();
  await form.text(titles.customer_no, `K-900${turn + 1}`);
  await form.text(titles.customer_name, customer);
  await form.choose(titles.kind, labelOf('pharma', 'credit-review', 'kind', 'first', language));
  await form.text(titles.situation, '连锁门店，往来两年，没有逾期。');
  await form.submit();
  await sales.page.waitForURL(/\/requests\/[0-9a-f]/);
  await sales.settle();
  const number = await new Request(sales).number();

  const manager = await as('pharma', 'business-manager');
  await new Inbox(manager).take(customer);
  const proposal = new Form(manager);
  await proposal.text(titles.normal_limit, '100000');
  await proposal.text(titles.normal_term_days, '45');
  await proposal.text(titles.opinion, '资料属实。');
  await new Request(manager).forward('approve');

  const chair = await as('pharma', 'deputy-gm');
  const members = [
    [await as('pharma', 'area-supervisor'), 'agree'],
    [manager, 'agree'],
    [await as('pharma', 'finance-manager'), 'against', '先观察一个季度。'],
  ];
  for (const [member, ballot, comment] of members) {
    await new Inbox(member).take(customer);
    // Everybody is told who chairs; the minutes are for the chair alone.
    assert.match(await member.page.locator('.vote-stand').innerText(), new RegExp(member.words.vote.chair('赵德海')));
    await new Ballot(member).cast(ballot, { comment });
  }
  await new Inbox(chair).take(customer);
  assert.match(await chair.page.locator('.vote-stand').innerText(), new RegExp(chair.words.vote.leads));
  const ballot = new Ballot(chair);
  await ballot.choose('agree');
  await ballot.confirm('agree');
  await chair.page.getByText(chair.words.vote.minutesMissing).first().waitFor();
  await ballot.minutes(MINUTES);
  await shot(chair, 'credit-1-minutes');
  await ballot.confirm('agree');
  await chair.toast(chair.words.act.done.vote);

  const request = new Request(sales);
  await sales.goTo('/requests');
  await sales.page.getByText(number).first().click();
  await request.ended(sales.words.lists.statuses.archived);
  const tally = await sales.page.locator('.card:has(.tally)').innerText();
  for (const part of [sales.words.vote.passed, sales.words.vote.votes(3), sales.words.vote.votes(1), MINUTES]) {
    assert.ok(tally.includes(part), `${tally} does not say ${part}`);
  }
  await shot(sales, 'credit-2-result');
  // What was proposed was hidden from who asked, and so is the limit that is made of it; who proposed it sees both.
  await manager.goTo('/requests?view=handled');
  await manager.page.getByText(number).first().click();
  await new Request(manager).ended(manager.words.lists.statuses.archived);
  const outputs = (await manager.page.locator('.outputs').allInnerTexts()).join('\n');
  assert.match(outputs, /50,000\.00/, `a first credit is half of the normal one, not ${outputs}`);
}
