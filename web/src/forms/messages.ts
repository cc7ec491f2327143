import catalogue from '../../../forms/corpus/messages.json';
import type { Text } from '../api/types.ts';

type Sentences = Record<string, { zh: string; en: string }>;

const sentences: Sentences = catalogue.messages;
const quoted = new Set(catalogue.quoted);

/** What a field is called inside a sentence. */
export interface Called {
  zh: string;
  /** At the start of a sentence: `Customer name`. */
  start: string;
  /** Within a sentence: `the customer name`. */
  within: string;
}

export function called(title: Text): Called {
  const en = title.en ?? title.zh;
  return { zh: title.zh, start: capital(en), within: noun(en) };
}

/** The same field in one of several rows, counted from 1. */
export function inRow(field: Called, rows: Called, row: number): Called {
  const text = sentence('place.row');
  const put = (template: string, title: string, around: string) => fill(template, { title, rows: around, row });
  return {
    zh: put(text.zh, field.zh, rows.zh),
    start: capital(put(text.en, field.start, rows.within)),
    within: put(text.en, field.within, rows.within),
  };
}

/** One of several values of a field, counted from 1. */
export function item(field: Called, row: number): Called {
  const text = sentence('place.item');
  const en = fill(text.en, { title: field.within, row });
  return { zh: fill(text.zh, { title: field.zh, row }), start: capital(en), within: en };
}

/** The sentence of a fault about a field. */
export function say(key: string, field: Called, params: Record<string, string | number>): Text {
  return worded(sentence(key), field, params);
}

/** An author's own sentence, with its row where it stands in one. */
export function sayOwn(
  own: Text,
  field: Called,
  params: Record<string, string | number>,
  place: { rows: Called; row: number } | null,
): Text {
  const text = worded({ zh: own.zh, en: own.en ?? own.zh }, field, params);
  if (place === null) return text;
  const around = sentence('place.message');
  return {
    zh: fill(around.zh, { rows: place.rows.zh, row: place.row, message: text.zh }),
    en: fill(around.en, { rows: place.rows.within, row: place.row, message: text.en ?? text.zh }),
  };
}

function worded(text: { zh: string; en: string }, field: Called, params: Record<string, string | number>): Text {
  return {
    zh: fill(text.zh, { ...params, title: field.zh }),
    en: fill(text.en, { ...params, title: field.within, Title: field.start }),
  };
}

/** The most special sentence of a key: `required.choose`, else `required`. */
function sentence(key: string): { zh: string; en: string } {
  for (let rest = key; rest !== ''; rest = rest.slice(0, Math.max(0, rest.lastIndexOf('.')))) {
    const found = sentences[rest];
    if (found) return found;
  }
  return { zh: '{title}填写有误，请重新填写', en: '{Title} is not filled in correctly' };
}

function fill(template: string, values: Record<string, string | number>): string {
  return template.replace(/\{(\w+)\}/g, (place, name: string) => (name in values ? String(values[name]) : place));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `Customer name` as `the customer name`; `VAT number` keeps its capitals; a title in Chinese is quoted. */
function noun(title: string): string {
  const first = title.split(' ')[0] ?? '';
  if (!/^[A-Za-z]/.test(first) || quoted.has(first.toLowerCase())) return `“${title}”`;
  const isWord = first.length > 1 && !/\p{Lu}/u.test(first.slice(1));
  return isWord ? `the ${title.charAt(0).toLowerCase()}${title.slice(1)}` : `the ${title}`;
}
