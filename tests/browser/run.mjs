// Runs the stories in a real browser: node tests/browser/run.mjs [--shots FOLDER] [--run desk-zh|phone-zh|desk-en|phone-en]… [story…]
// Against ZHUPI_URL those that need a server, otherwise those that the stand-in can play.
import { mkdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { accountOf } from './lib/accounts.mjs';
import { launch, openWindow, SIZES } from './lib/browser.mjs';
import { dictionaries, target } from './lib/web.mjs';
import { App } from './pages/app.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { shots: { type: 'string' }, run: { type: 'string', multiple: true } },
});
const runs = values.run ?? ['zh', 'en'].flatMap((language) => Object.keys(SIZES).map((size) => `${size}-${language}`));
const stage = process.env.ZHUPI_URL ? 'server' : 'stand-in';
if (values.shots) mkdirSync(values.shots, { recursive: true });

const folder = new URL('stories/', import.meta.url);
const files = (await readdir(folder)).filter((file) => file.endsWith('.mjs')).sort();
const wanted = files.filter((file) => positionals.length === 0 || positionals.includes(file.replace('.mjs', '')));
const stories = (await Promise.all(wanted.map((file) => import(new URL(file, folder).href)))).filter(
  (story) => story.plays === stage,
);
if (stories.length === 0) throw new Error(`no story to play on a ${stage}`);

const words = await dictionaries();
const browser = await launch();
let failures = 0;

for (const [turn, run] of runs.entries()) {
  const [size, language] = run.split('-');
  // The stories of a run are about different companies, so they can go on side by side.
  // The longer ones name the runs they are worth; asked for by name, a story is always told.
  const wantedHere = stories.filter((story) => !story.runs || positionals.length > 0 || stage === 'stand-in' || story.runs.includes(run));
  const told = await Promise.all(wantedHere.map((story) => tell(story, { size, language, turn })));
  failures += told.filter((well) => !well).length;
}
await browser.close();
process.exit(failures > 0 ? 1 : 0);

/** Plays one story on a server of its own; tells whether it went well. */
async function tell(story, { size, language, turn }) {
  const began = performance.now();
  const app = await target();
  const windows = new Map();
  const as = async (company, role) => {
    const key = `${company} ${role}`;
    if (!windows.has(key)) {
      const window = await openWindow(browser, { size, language, url: app.url });
      const person = new App(window, words);
      person.account = accountOf(company, role, turn);
      windows.set(key, { window, person });
      await person.logIn(person.account);
    }
    return windows.get(key).person;
  };
  const shot = async (person, name) => {
    if (values.shots) await person.page.screenshot({ path: join(values.shots, `${name}-${size}-${language}.png`) });
  };
  let problem = null;
  try {
    await story.run({ as, language, turn, shot });
    const troubles = [...windows.values()].flatMap(({ window }) => window.troubles);
    if (troubles.length > 0) problem = new Error(troubles.join('\n'));
  } catch (error) {
    problem = error;
    for (const [key, { person }] of windows) await shot(person, `failed-${key.replace(' ', '-')}`);
  }
  for (const { window } of windows.values()) await window.context.close();
  await app.stop();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${problem ? 'FAILED' : 'ok    '} ${story.name} (${size}, ${language}) ${seconds} s`);
  if (problem) console.log(`       ${problem.stack ?? problem}`);
  return problem === null;
}
