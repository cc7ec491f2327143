// Photographs pages in both sizes and languages: node tests/browser/shots.mjs FOLDER [--size desk|phone] [--language zh|en] [page…]
// Those of the stand-in, or with ZHUPI_URL those of a server that was started by `zhupi demo`.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launch, openWindow, SIZES } from './lib/browser.mjs';
import { dictionaries, target } from './lib/web.mjs';
import { App } from './pages/app.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { size: { type: 'string' }, language: { type: 'string' } },
});
const [folder, ...wanted] = positionals;
if (!folder) throw new Error('name the folder for the pictures');
mkdirSync(folder, { recursive: true });

const { PAGES, account } = await import(process.env.ZHUPI_URL ? './shots/demo.mjs' : './shots/stand-in.mjs');
const words = await dictionaries();
const browser = await launch();
const app = await target();
let troubled = false;

for (const language of values.language ? [values.language] : ['zh', 'en']) {
  for (const size of values.size ? [values.size] : Object.keys(SIZES)) await photograph(size, language);
}
await browser.close();
await app.stop();
process.exit(troubled ? 1 : 0);

async function photograph(size, language) {
  const windows = new Map();
  const windowOf = async (who) => {
    const key = who?.join(' ') ?? 'nobody';
    if (!windows.has(key)) {
      const window = await openWindow(browser, { size, language, url: app.url });
      const me = new App(window, words);
      windows.set(key, { window, me });
      if (who) await me.logIn(account(who));
    }
    return windows.get(key);
  };
  for (const [name, who, go, full] of PAGES) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const { window, me } = await windowOf(who);
    try {
      await go(me);
      await me.settle();
    } catch (error) {
      window.troubles.push(`${name}: ${error.message}`);
    }
    try {
      const wide = await capture(me.page, { viewport: SIZES[size].viewport, full, path: join(folder, `${name}-${size}-${language}.png`) });
      if (wide > 0) window.troubles.push(`${name}: ${wide} px wider than the window`);
    } catch (error) {
      window.troubles.push(`${name}: ${error.message}`);
    }
    if (window.troubles.length > 0) {
      troubled = true;
      console.log(`${name} (${size}, ${language}):\n  ${window.troubles.join('\n  ')}`);
      window.troubles.length = 0;
    }
  }
  for (const { window } of windows.values()) await window.context.close();
}

/** Takes one picture; gives by how much the page is wider than the window. */
async function capture(page, { viewport, full, path }) {
  if (full?.from) {
    await page.setViewportSize({ width: viewport.width, height: full.height });
    await page.locator(full.from).evaluate((element) => window.scrollTo(0, element.getBoundingClientRect().top + window.scrollY - 14));
  }
  // The sticky bar belongs at the bottom of the window, not in the middle of a long picture: the window grows instead.
  const height = await page.evaluate(() =>
    Math.max(document.documentElement.scrollHeight, document.querySelector('.inbox-detail')?.scrollHeight ?? 0),
  );
  if (full === 'full' && height > viewport.height) await page.setViewportSize({ width: viewport.width, height: Math.min(height, 3200) });
  await page.waitForTimeout(150);
  await page.screenshot({ path });
  await page.setViewportSize(viewport);
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

