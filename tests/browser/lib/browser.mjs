// One Chromium for all stories; a fresh context for every person.
import { chromium } from './web.mjs';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];

export const SIZES = {
  desk: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
};

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });

/**
 * A window of one person, which remembers everything that should not happen: scripts that fail, refused content, requests
 * to anywhere else.
 */
export async function openWindow(browser, { size, language, url }) {
  const context = await browser.newContext({
    ...SIZES[size],
    baseURL: url,
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'Asia/Shanghai',
    acceptDownloads: true,
  });
  // As if this person had chosen the language in this browser before.
  await context.addInitScript((chosen) => localStorage.setItem('zhupi.language', chosen), language);
  const page = await context.newPage();
  // A machine that builds something else beside may be slow; a page that is stuck is noticed all the same.
  page.setDefaultTimeout(30_000);
  const troubles = [];
  page.on('pageerror', (error) => troubles.push(`script: ${error.message}`));
  page.on('console', (message) => {
    // Refusals of the API are part of the stories; the browser reports each as an error of its own.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) troubles.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const at = request.url();
    if (!at.startsWith(url) && !/^(data|blob):/.test(at)) troubles.push(`request to ${at}`);
  });
  return { page, context, troubles, size, language };
}
