// Looks for what keeps people from using a page: node tests/browser/a11y.mjs [--size desk|phone] [--language zh|en] [page…]
// With the stand-in, or with ZHUPI_URL on a server that was started by `zhupi demo`. Ends with 1 at the first serious finding.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { launch, openWindow } from './lib/browser.mjs';
import { dictionaries, target } from './lib/web.mjs';
import { App } from './pages/app.mjs';

const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { size: { type: 'string' }, language: { type: 'string', default: 'zh' } },
});
const require = createRequire(new URL('../../web/package.json', import.meta.url));
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const SERIOUS = ['serious', 'critical'];

const { PAGES, account } = await import(process.env.ZHUPI_URL ? './shots/demo.mjs' : './shots/stand-in.mjs');
const words = await dictionaries();
const browser = await launch();
const app = await target();
let found = 0;

for (const size of values.size ? [values.size] : ['desk', 'phone']) {
  const windows = new Map();
  for (const [name, who, go] of PAGES) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const key = who?.join(' ') ?? 'nobody';
    if (!windows.has(key)) {
      const window = await openWindow(browser, { size, language: values.language, url: app.url });
      windows.set(key, new App(window, words));
      if (who) await windows.get(key).logIn(account(who));
    }
    const me = windows.get(key);
    await go(me);
    await me.settle();
    found += report(`${name} (${size})`, await examined(me.page));
  }
  for (const { page } of windows.values()) await page.context().close();
}
await browser.close();
await app.stop();
console.log(found === 0 ? 'nothing serious found' : `${found} serious findings`);
process.exit(found === 0 ? 0 : 1);

/** What the rules of WCAG 2.2 AA say about the page as it stands. */
async function examined(page) {
  // A policy against inline scripts holds for pages, not for what a test evaluates.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations;
}

function report(page, violations) {
  const serious = violations.filter(({ impact }) => SERIOUS.includes(impact));
  for (const { id, impact, help, nodes } of violations) {
    console.log(`${SERIOUS.includes(impact) ? 'FOUND' : 'minor'} ${page}: ${id} (${impact}) ${help}`);
    for (const { html, failureSummary } of nodes.slice(0, 4)) {
      console.log(`      ${html.slice(0, 160)}\n      ${failureSummary.split('\n').slice(1).join(' ').trim().slice(0, 200)}`);
    }
  }
  return serious.length;
}
