// Page objects: what a person does, in the words on the screen.

/** One person at one window. */
export class App {
  constructor({ page, size, language }, words) {
    this.page = page;
    this.size = size;
    this.words = words[language];
  }

  get phone() {
    return this.size === 'phone';
  }

  async logIn(account) {
    const { page, words } = this;
    await page.goto('/login');
    await page.getByLabel(words.login.company, { exact: true }).fill(account.company);
    await page.getByLabel(words.login.login, { exact: true }).fill(account.login);
    await page.getByLabel(words.login.password, { exact: true }).fill(account.password);
    await page.getByRole('button', { name: words.login.submit, exact: true }).click();
    await page.getByRole('heading', { name: words.inbox.title, exact: true }).waitFor();
    return this;
  }

  async goTo(path, heading) {
    await this.page.goto(path);
    if (heading) await this.page.getByRole('heading', { name: heading, level: 1 }).waitFor();
  }

  /** Waits until nothing is loading any more. */
  async settle() {
    await this.page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .ant-skeleton-active'));
    await this.page.waitForTimeout(350);
    if (this.phone) await this.nothingSticksOut();
  }

  /** A phone shows a page as wide as itself: what is wider makes all of it slide under the finger. */
  async nothingSticksOut() {
    const wide = await this.page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      if (scrollWidth <= clientWidth) return [];
      const out = [...document.querySelectorAll('main *')].filter((part) => part.getBoundingClientRect().right > clientWidth + 1);
      return [`${scrollWidth} of ${clientWidth}`, ...out.slice(0, 4).map((part) => `${part.className}: ${part.textContent.slice(0, 40)}`)];
    });
    if (wide.length > 0) throw new Error(`sticks out on a phone: ${wide.join(' | ')}`);
  }

  toast(text) {
    return this.page.locator('.toast', { hasText: text }).first().waitFor();
  }
}

/** The inbox: cards, and on a desk the chosen one beside them. */
export class Inbox {
  constructor(app) {
    this.app = app;
    this.page = app.page;
  }

  async open() {
    await this.app.goTo('/inbox', this.app.words.inbox.title);
    await this.app.settle();
  }

  cards() {
    return this.page.locator('.task-card');
  }

  /** Opens the inbox and the task that a text is about; it may still be on its way. */
  async take(text) {
    await this.open();
    await this.choose(text);
  }

  async choose(text) {
    await this.cards().filter({ hasText: text }).first().click();
    await this.page.locator('.request-title').waitFor();
    await this.app.settle();
  }
}

/** One request, wherever it is shown. */
export class Request {
  constructor(app) {
    this.app = app;
    this.page = app.page;
    this.words = app.words;
  }

  number() {
    return this.page.locator('.request-number').innerText();
  }

  status() {
    return this.page.locator('.request-title .pill').first().innerText();
  }

  async comment(text) {
    await this.page.locator('.action-comment').fill(text);
  }

  /** Approves, fills in or resubmits: whatever goes forward. */
  async forward(action) {
    await this.page.locator('.action-bar .forward').click();
    await this.app.toast(this.words.act.done[action]);
  }

  async ask(action) {
    const { page, words } = this;
    const name = words.act[action];
    const inBar = page.locator('.action-buttons').getByRole('button', { name, exact: true });
    if (await inBar.count()) await inBar.click();
    else {
      await page.locator('.action-buttons').getByRole('button', { name: words.request.more }).click();
      await page.getByRole('menuitem', { name, exact: true }).click();
    }
    await page.getByRole('dialog').waitFor();
    await page.waitForTimeout(350);
  }

  async confirm(action) {
    await this.page.getByRole('dialog').getByRole('button', { name: this.words.act[action], exact: true }).click();
    await this.app.toast(this.words.act.done[action]);
  }

  async reject(reason) {
    await this.ask('reject');
    await this.page.getByRole('dialog').getByRole('textbox').fill(reason);
    await this.confirm('reject');
  }

  async giveBack(reason, then) {
    await this.ask('return');
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('textbox').fill(reason);
    await dialog.getByRole('radio', { name: this.words.act[then] }).check();
    await this.confirm('return');
  }

  /** Waits until the machine steps are through and the request has ended like this. */
  async ended(status) {
    await this.page.locator('.request-title .pill', { hasText: status }).waitFor();
    await this.app.settle();
  }

  /** Unfolds what the last result came from. */
  async explain() {
    await this.page.getByRole('button', { name: this.words.policy.explain }).last().click();
    await this.page.locator('.explanation .tree').waitFor();
    await this.page.waitForTimeout(200);
  }

  /** Goes from a part of the explanation to the line of the script that made it. */
  async showLine() {
    await this.page.locator('.explanation .tree-origin button').first().click();
    await this.page.locator('.script li.lit').waitFor();
  }
}

/** A ballot of a committee's member. */
export class Ballot {
  constructor(app) {
    this.app = app;
    this.page = app.page;
    this.words = app.words;
  }

  async choose(ballot) {
    await this.page.locator('.ballots').getByRole('button', { name: this.words.vote.ballot[ballot] }).click();
    await this.page.getByRole('dialog').waitFor();
    await this.page.waitForTimeout(350);
  }

  async minutes(text) {
    await this.page.getByRole('dialog').getByLabel(this.words.vote.minutes).fill(text);
  }

  async confirm(ballot) {
    const name = this.words.vote.confirm(this.words.vote.ballot[ballot]);
    // For a moment after a refusal the button is still called busy as well.
    await this.page.getByRole('dialog').getByRole('button', { name }).click();
  }

  async cast(ballot, { comment } = {}) {
    await this.choose(ballot);
    if (comment) await this.page.getByRole('dialog').getByLabel(this.words.vote.comment).fill(comment);
    await this.confirm(ballot);
    await this.app.toast(this.words.act.done.vote);
  }
}

/** The accounts of the company, and one balance of them. */
export class Balances {
  constructor(app) {
    this.app = app;
    this.page = app.page;
    this.words = app.words;
  }

  async open() {
    await this.app.goTo('/balances', this.words.balance.title);
    await this.app.settle();
  }

  /** Opens the balance of a key. */
  async find(key) {
    await this.open();
    await this.page.locator('.balance-line', { hasText: key }).click();
    await this.page.locator('.moves li').first().waitFor();
  }

  /** Posted, held and free. */
  figures() {
    return this.page.locator('.card > .balance-figures dd').allInnerTexts();
  }

  /** What moved it, the last first. */
  moves() {
    return this.page.locator('.moves .move').allInnerTexts();
  }
}

/** A form being filled. */
export class Form {
  constructor(app) {
    this.app = app;
    this.page = app.page;
  }

  async text(label, value) {
    await this.page.getByLabel(label, { exact: false }).first().fill(value);
  }

  async choose(label, option) {
    const group = this.page.getByRole('group', { name: label });
    if (await group.count()) {
      await group.getByText(option, { exact: true }).click();
      return;
    }
    const field = this.page.getByLabel(label, { exact: false }).first();
    const slot = this.page.locator('.slot').filter({ has: field });
    // A page that is still moving closes the list again: then once more, as anybody would.
    for (let tries = 0; tries < 4 && !(await slot.innerText()).includes(option); tries += 1) {
      await field.click();
      const item = this.page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: option }).first();
      await item.click({ timeout: 2_000 }).catch(() => {});
      await this.page.waitForTimeout(200);
    }
  }

  /** A control in one row: of a table, or of a card where there are many columns. */
  cell(row, label) {
    const inTable = this.page.getByLabel(`${this.app.words.form.row(row + 1)} ${label}`, { exact: true });
    const inCard = this.page.locator('.row-card').nth(row).getByLabel(label, { exact: false });
    return inTable.or(inCard).first();
  }

  async inRow(row, label, value) {
    const cell = this.cell(row, label);
    await cell.fill(value);
    await cell.blur();
  }

  async dateInRow(row, label, value) {
    const cell = this.cell(row, label);
    await cell.fill(value);
    if (!this.app.phone) await cell.press('Enter');
  }

  async chooseInRow(row, label, option) {
    const card = this.page.locator('.row-card').nth(row);
    const group = card.getByRole('group', { name: label });
    if (await group.count()) return group.getByText(option, { exact: true }).click();
    const cell = this.cell(row, label);
    await cell.click();
    await this.page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: option }).first().click();
  }

  async person(label, name) {
    const field = this.page.getByLabel(label, { exact: false }).first();
    await field.click();
    await field.fill(name);
    await this.page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: name }).first().click();
  }

  async personInRow(row, label, name) {
    const cell = this.cell(row, label);
    await cell.click();
    await cell.fill(name);
    await this.page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: name }).first().click();
  }

  /** A day and a time, `2026-11-20 10:00`. */
  async moment(label, value) {
    const field = this.page.getByLabel(label, { exact: false }).first();
    await field.fill(this.app.phone ? value.replace(' ', 'T') : value);
    if (!this.app.phone) await field.press('Enter');
  }

  async date(label, value) {
    const field = this.page.getByLabel(label, { exact: false }).first();
    await field.fill(value);
    if (!this.app.phone) await field.press('Enter');
  }

  async submit() {
    await this.page.locator('.action-bar .forward').click();
  }
}
