// Adds up what the inbox and a form load, packed as a server sends it, and fails beyond the limit.
import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT_KB = 400;
const assets = new URL('../dist/assets/', import.meta.url);

// What these pages need, and what they fetch later; the rest loads with pages of its own.
const pages = ['InboxPage', 'RequestView', 'RequestPage', 'StartPage', 'ChoosePage', 'RequestsPage', 'Calendar', 'ExplanationView'];

const files = readdirSync(assets).filter((name) => name.endsWith('.js'));
const entry = /src="\/assets\/([^"]+\.js)"/.exec(readFileSync(new URL('../dist/index.html', import.meta.url), 'utf8'))?.[1];
if (!entry) throw new Error('dist/index.html names no script: run `npm run build` first');

const needed = new Set();
const visit = (name) => {
  if (needed.has(name)) return;
  needed.add(name);
  const text = readFileSync(new URL(name, assets), 'utf8');
  // Static imports only: what is fetched by `import()` is a page or a part of its own.
  for (const [, imported] of text.matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([^"']+\.js)["']/g)) visit(imported);
};
visit(entry);
for (const name of files) if (pages.some((page) => name.startsWith(`${page}-`))) visit(name);

const sizes = [...needed].map((name) => [name, gzipSync(readFileSync(new URL(name, assets)), { level: 6 }).length / 1000]);
const total = sizes.reduce((sum, [, size]) => sum + size, 0);
for (const [name, size] of sizes.sort((a, b) => b[1] - a[1])) console.log(`${size.toFixed(1).padStart(8)} kB  ${name}`);
console.log(`${total.toFixed(1).padStart(8)} kB  inbox and form, gzip; the limit is ${LIMIT_KB} kB`);
if (total > LIMIT_KB) process.exit(1);
