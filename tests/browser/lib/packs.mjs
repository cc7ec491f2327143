// The titles of the example companies' forms, so that tests fill what a person reads.
import { readFileSync } from 'node:fs';

const companies = new URL('../../../companies/', import.meta.url);

/** The titles of a form's fields by name, in one language; columns of rows among them. */
export function titlesOf(company, form, language) {
  const schema = JSON.parse(readFileSync(new URL(`${company}/forms/${form}.json`, companies), 'utf8'));
  const titles = {};
  gather(schema, language, titles);
  return titles;
}

/** What people read for a value of a field. */
export function labelOf(company, form, field, value, language) {
  const schema = JSON.parse(readFileSync(new URL(`${company}/forms/${form}.json`, companies), 'utf8'));
  return find(schema, field)['x-labels'][value][language];
}

function gather(level, language, titles) {
  for (const [name, field] of Object.entries(level.properties ?? {})) {
    if (field.title) titles[name] = language === 'zh' ? field.title : field['x-en'].title;
    gather(field.items ?? {}, language, titles);
  }
  if (level.then) gather(level.then, language, titles);
}

function find(level, name) {
  for (const [key, field] of Object.entries(level.properties ?? {})) {
    const found = key === name ? field : field.items && find(field.items, name);
    if (found) return found;
  }
  return undefined;
}
