// Every page with the stand-in's companies.
import { accountOf } from '../lib/accounts.mjs';
import { Inbox, Request } from '../pages/app.mjs';

export const account = (who) => accountOf(...who);

/** Pages in the order they are taken: name, who looks, what they do. `full` takes the whole height. */
export const PAGES = [
  ['login', null, (me) => me.page.goto('/login')],
  ['login-error', null, loginError],
  ['reset', null, (me) => me.page.goto('/reset#good')],
  ['reset-expired', null, (me) => me.page.goto('/reset#bad')],
  ['inbox', ['pharma', 'sales-head'], (me) => new Inbox(me).open()],
  ['inbox-done', ['pharma', 'sales-head'], (me) => me.goTo('/inbox?state=done')],
  ['inbox-empty', ['pharma', 'admin'], (me) => me.goTo('/inbox')],
  ['task-approve', ['pharma', 'sales-head'], (me) => openTask(me, '康福药店'), 'full'],
  ['task-fill', ['pharma', 'finance'], (me) => openTask(me, '惠民大药房'), 'full'],
  ['task-revise', ['pharma', 'salesperson'], (me) => openTask(me, '明德'), 'full'],
  ['sheet-reject', ['pharma', 'sales-head'], (me) => openSheet(me, 'reject')],
  ['sheet-return', ['pharma', 'sales-head'], (me) => openSheet(me, 'return')],
  ['sheet-transfer', ['pharma', 'sales-head'], (me) => openSheet(me, 'transfer')],
  ['task-vote', ['pharma', 'general-manager'], (me) => openTask(me, '东湖'), 'full'],
  ['sheet-vote', ['pharma', 'general-manager'], openBallot],
  ['request-voted', ['pharma', 'salesperson'], (me) => me.goTo('/requests/pharma-credit-line-1'), 'full'],
  ['request-archived', ['pharma', 'salesperson'], (me) => me.goTo('/requests/pharma-bad-debt-1'), 'full'],
  ['request-explained', ['pharma', 'salesperson'], explained, 'full'],
  ['request-rejected', ['pharma', 'admin'], (me) => me.goTo('/requests/pharma-bad-debt-2'), 'full'],
  ['request-incident', ['pharma', 'admin'], (me) => me.goTo('/requests/pharma-bad-debt-4'), 'full'],
  ['request-drawn', ['pharma', 'admin'], drawn],
  ['request-rows', ['hospital', 'manager'], (me) => openTask(me, '冬季流感'), 'full'],
  ['start', ['pharma', 'salesperson'], (me) => me.goTo('/start')],
  ['start-bad-debt', ['pharma', 'salesperson'], (me) => me.goTo('/start/bad-debt'), 'full'],
  ['start-errors', ['pharma', 'salesperson'], startErrors, 'full'],
  ['start-travel', ['pharma', 'salesperson'], startRows, 'full'],
  ['start-plan', ['hospital', 'staff'], (me) => me.goTo('/start/month-plan'), 'full'],
  ['start-about', ['hospital', 'staff'], (me) => me.goTo('/start/score-appeal'), 'full'],
  ['start-about-chosen', ['hospital', 'staff'], (me) => me.goTo('/start/score-appeal?about=month-score&id=s-gao-9'), 'full'],
  ['start-about-gone', ['hospital', 'staff'], (me) => me.goTo('/start/score-appeal?about=month-score&id=s-gao-7')],
  ['start-about-none', ['hospital', 'manager'], (me) => me.goTo('/start/score-appeal')],
  ['start-about-optional', ['hospital', 'staff'], (me) => me.goTo('/start/plan-change')],
  ['start-about-plain', ['hospital', 'staff'], (me) => me.goTo('/start/plan-change?plain=true'), 'full'],
  ['start-about-none-needed', ['hospital', 'manager'], (me) => me.goTo('/start/plan-change'), 'full'],
  ['requests-mine', ['pharma', 'salesperson'], (me) => me.goTo('/requests')],
  ['requests-readable', ['pharma', 'admin'], (me) => me.goTo('/requests?view=readable')],
  ['requests-none', ['pharma', 'admin'], (me) => me.goTo('/requests?view=readable&q=zzzz')],
  ['calendar', ['pharma', 'admin'], (me) => me.goTo('/calendar'), 'full'],
  ['calendar-reader', ['pharma', 'salesperson'], (me) => me.goTo('/calendar?year=2027')],
  ['calendar-no-year', ['pharma', 'admin'], (me) => me.goTo('/calendar?year=99999')],
  ['calendar-remove', ['pharma', 'admin'], calendarRemove],
  ['calendar-import', ['pharma', 'admin'], calendarImport, 'full'],
  ['calendar-mistakes', ['pharma', 'admin'], calendarMistakes, 'full'],
  ['calendar-imported', ['pharma', 'admin'], calendarImported],
  ['balances', ['pharma', 'finance'], (me) => me.goTo('/balances')],
  ['balances-none', ['pharma', 'salesperson'], (me) => me.goTo('/balances')],
  ['balance', ['pharma', 'finance'], (me) => me.goTo('/balances/expense-budget?key=sales%2F2026-11'), 'full'],
  ['balance-unknown', ['pharma', 'salesperson'], (me) => me.goTo('/balances/fines?key=zhou')],
  ['me', ['pharma', 'admin'], (me) => me.goTo('/me')],
  ['password', ['pharma', 'admin'], (me) => me.goTo('/me/password')],
  ['incidents', ['pharma', 'admin'], (me) => me.goTo('/admin/incidents')],
  ['people', ['pharma', 'admin'], (me) => me.goTo('/admin/people')],
  ['people-reset', ['pharma', 'admin'], resetLink],
  ['releases', ['pharma', 'admin'], (me) => me.goTo('/admin/releases')],
  ['pilots', ['pharma', 'admin'], (me) => me.goTo('/admin/pilots')],
  ['pilot-new', ['pharma', 'admin'], (me) => me.goTo('/admin/pilots/new'), 'full'],
  ['pilot', ['pharma', 'admin'], pilot, 'full'],
  ['pilot-payee', ['pharma', 'admin'], pilotPayee, 'full'],
  ['not-found', ['pharma', 'admin'], (me) => me.goTo('/nowhere')],
];

async function loginError(me) {
  await me.page.goto('/login');
  await me.page.getByLabel(me.words.login.company, { exact: true }).fill('pharma');
  await me.page.getByLabel(me.words.login.login, { exact: true }).fill('zhou');
  await me.page.getByLabel(me.words.login.password, { exact: true }).fill('wrong');
  await me.page.getByRole('button', { name: me.words.login.submit, exact: true }).click();
  await me.page.getByRole('alert').waitFor();
}

async function openTask(me, text) {
  const inbox = new Inbox(me);
  await inbox.open();
  await inbox.choose(text);
}

async function openSheet(me, action) {
  await openTask(me, '康福药店');
  await new Request(me).ask(action);
}

async function openBallot(me) {
  await openTask(me, '东湖');
  await me.page.getByRole('button', { name: me.words.vote.ballot.agree, exact: true }).click();
  await me.page.getByRole('dialog').waitFor();
  await me.page.waitForTimeout(350);
}

async function explained(me) {
  await me.goTo('/requests/pharma-bad-debt-1');
  const request = new Request(me);
  await request.explain();
  await me.page
    .getByRole('button', { name: me.words.policy.line(2) })
    .first()
    .click();
}

async function drawn(me) {
  await me.goTo('/requests/pharma-bad-debt-4');
  if (me.phone) return;
  await me.page.getByRole('button', { name: me.words.request.flowDrawn }).click();
  await me.page.locator('.react-flow__node').first().waitFor();
  await me.page.waitForTimeout(600);
}

async function startErrors(me) {
  await me.goTo('/start/bad-debt');
  await me.page.locator('.action-bar .forward').click();
  await me.page.locator('.summary').waitFor();
}

async function startRows(me) {
  await me.goTo('/start/travel');
  for (let row = 0; row < 2; row += 1) await me.page.getByRole('button', { name: me.words.form.addRow }).click();
}

async function resetLink(me) {
  await me.goTo('/admin/people');
  await me.page.getByRole('button', { name: me.words.request.more }).first().click();
  await me.page.getByRole('menuitem', { name: me.words.admin.resetLink }).click();
  await me.page.getByRole('dialog').waitFor();
  await me.page.waitForTimeout(300);
}

async function pilot(me) {
  await me.goTo('/admin/pilots/new');
  await me.page.getByLabel(me.words.pilot.rows, { exact: false }).first().fill('payee,bad_debt\nzhou,8000.00\nliu,120.00\n');
  await me.page.getByRole('button', { name: me.words.pilot.run, exact: true }).click();
  await me.page.locator('.totals').waitFor();
}

async function pilotPayee(me) {
  await pilot(me);
  await me.page.locator('.payee-table, .payee-cards').getByRole('link').first().click();
  await me.page.locator('.pair .explanation').nth(1).waitFor();
}

async function calendarRemove(me) {
  await me.goTo('/calendar?year=2026');
  await me.page.locator('.year-head > button').click();
  await me.page.getByRole('dialog').waitFor();
  await me.page.waitForTimeout(350);
}

async function calendarImport(me) {
  await me.goTo('/calendar/import?year=2027');
  await me.page.locator('.example summary').click();
  await me.page.locator('.example .row button').last().click();
  await me.page.locator('.year-ticks').waitFor();
}

async function sendDays(me, days) {
  await me.goTo('/calendar/import?year=2027');
  await me.page.locator('.csv textarea').fill(days);
  await me.page.locator('form button[type=submit]').click();
}

async function calendarMistakes(me) {
  await sendDays(me, 'date,day,name\n2027-13-01,holiday,元旦\n2027-01-02,闲,元旦\n');
  await me.page.getByRole('alert').waitFor();
}

/** Another year than those that other pictures show. */
async function calendarImported(me) {
  await sendDays(me, 'date,day,name\n2029-01-01,holiday,元旦\n2029-01-06,workday,元旦调休\n');
  await me.page.locator('.imported-years').waitFor();
}
