// What the people of `zhupi demo` see.
import { Inbox, Request } from '../pages/app.mjs';

const PASSWORD = 'vermilion-ink-1';

export const account = ([company, login]) => ({ company, login, password: PASSWORD });

/** Pages in the order they are taken: name, who looks, what they do. `full` takes the whole height, `from` and `height` a part. */
export const PAGES = [
  ['inbox-head', ['pharma', 'li'], (me) => new Inbox(me).open()],
  ['inbox-manager', ['hospital', 'he'], (me) => new Inbox(me).open()],
  ['inbox-director', ['hospital', 'qian'], (me) => new Inbox(me).open()],
  ['inbox-done', ['pharma', 'li'], (me) => me.goTo('/inbox?state=done')],
  ['task-approve', ['pharma', 'li'], firstTask, 'full'],
  ['task-book', ['pharma', 'chen'], firstTask, 'full'],
  ['task-revise', ['pharma', 'liu'], firstTask, 'full'],
  ['task-plan', ['hospital', 'he'], firstTask, 'full'],
  ['task-score', ['hospital', 'tang'], firstTask, 'full'],
  ['start', ['pharma', 'zhou'], (me) => me.goTo('/start')],
  ['start-bad-debt', ['pharma', 'zhou'], (me) => me.goTo('/start/bad-debt'), 'full'],
  ['start-plan', ['hospital', 'gao'], (me) => me.goTo('/start/month-plan'), 'full'],
  ['requests-mine', ['pharma', 'zhou'], (me) => me.goTo('/requests')],
  ['requests-readable', ['pharma', 'shen'], (me) => me.goTo('/requests?view=readable')],
  ['explanation', ['pharma', 'shen'], deduction, { from: '.card:has(.explanation)', height: 1250 }],
  ['request-deduction', ['pharma', 'shen'], deduction, 'full'],
  ['request-pay', ['hospital', 'sun'], pay, 'full'],
  ['incidents', ['pharma', 'admin'], (me) => me.goTo('/admin/incidents')],
  ['request-incident', ['pharma', 'shen'], incident, 'full'],
  ['people', ['hospital', 'admin'], (me) => me.goTo('/admin/people')],
  ['releases', ['pharma', 'admin'], (me) => me.goTo('/admin/releases')],
  ['calendar', ['pharma', 'li'], (me) => me.goTo('/calendar'), 'full'],
  ['shows', ['pharma', 'sun'], (me) => me.goTo('/shows'), 'full'],
  ['shows-logistics', ['logistics', 'hou'], (me) => me.goTo('/shows'), 'full'],
  ['shows-hospital', ['hospital', 'wu'], (me) => me.goTo('/shows'), 'full'],
  ['balances-fines', ['pharma', 'wu'], (me) => me.goTo('/balances?account=fines'), 'full'],
  ['pilots', ['hospital', 'wu'], (me) => me.goTo('/admin/pilots'), 'full'],
  ['pilot', ['hospital', 'wu'], pilot, 'full'],
  ['calendar-own', ['logistics', 'fan'], (me) => me.goTo('/calendar'), 'full'],
  ['balances', ['pharma', 'zheng'], (me) => me.goTo('/balances'), 'full'],
  ['me', ['pharma', 'li'], (me) => me.goTo('/me')],
];

async function firstTask(me) {
  const inbox = new Inbox(me);
  await inbox.open();
  await inbox.cards().first().click();
  await me.page.locator('.request-title').waitFor();
}

/** An archived bad debt, its deduction unfolded. */
async function deduction(me) {
  await me.goTo('/requests?view=readable&status=archived');
  await openFirst(me);
  const request = new Request(me);
  await request.explain();
  await request.showLine();
}

/** The pay of last month, unfolded. */
async function pay(me) {
  await me.goTo('/requests?status=archived');
  await openFirst(me);
  await new Request(me).explain();
}

/** The request that stopped because a rate is not settled. */
async function incident(me) {
  await me.goTo('/requests?view=readable');
  await me.settle();
  await me.page.locator('main a', { hasText: '-0002' }).first().click();
  await me.page.locator('.request-title').waitFor();
}

/** What another rate would do. */
async function pilot(me) {
  await me.goTo('/admin/pilots');
  await me.settle();
  await me.page.locator('main a[href^="/admin/pilots/"]').first().click();
  await me.settle();
}

async function openFirst(me) {
  await me.settle();
  await me.page.locator('main a[href^="/requests/"]').first().click();
  await me.page.locator('.request-title').waitFor();
  await me.settle();
}
