// What the browser tests borrow from the web app: its packages, its dictionary, and a server for its built pages.
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = fileURLToPath(new URL('../../../web/', import.meta.url));
const require = createRequire(new URL('../../../web/package.json', import.meta.url));

export const { chromium } = require('playwright-core');

const vite = () => import(pathToFileURL(require.resolve('vite')).href);

/** The app's own texts, so that tests press what a person reads. */
export async function dictionaries() {
  const { runnerImport } = await vite();
  const read = async (name) =>
    (await runnerImport(`${root}src/words/${name}.ts`, { root, configFile: false, logLevel: 'error' })).module[name];
  return { zh: await read('zh'), en: await read('en') };
}

/**
 * Where the app runs: `ZHUPI_URL`, or the built pages with the stand-in API, under the real content security policy.
 *
 * Gives the address and the function that stops it.
 */
export async function target() {
  if (process.env.ZHUPI_URL) return { url: process.env.ZHUPI_URL.replace(/\/$/, ''), standIn: false, stop: async () => {} };
  const { preview } = await vite();
  const server = await preview({ root, logLevel: 'error', preview: { port: 0, host: '127.0.0.1', strictPort: false } });
  const { port } = server.httpServer.address();
  return { url: `http://127.0.0.1:${port}`, standIn: true, stop: () => server.close() };
}
