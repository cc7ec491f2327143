import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../api/types.ts';
import { accessIn, writes, type AccessOf } from './access.ts';
import { check } from './check.ts';
import { ROW, withDefaults } from './defaults.ts';
import { marked, type Right } from './marked.ts';
import { isObject, levelOf, type FormModel, type Level } from './model.ts';
import { readForm } from './read.ts';
import { settle } from './settle.ts';

interface Case {
  name: string;
  rights: { default: Right; fields?: Record<string, Right> };
  classes?: string[];
  purpose?: 'submit' | 'draft';
  before?: JsonObject;
  data?: JsonObject;
  errors?: [string, string][];
  messages?: Record<string, { zh: string; en: string }>;
  accepted?: JsonObject;
  visible?: string[];
}

interface Corpus {
  title: string;
  form: JsonObject;
  cases: Case[];
}

const folder = new URL('../../../forms/corpus/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'messages.json');

/** What only the server can find: it alone has the rights, the directory and what was there before. */
const SERVERS_OWN = new Set(['unknown', 'readonly', 'rows', 'size', 'check', 'reference', 'computed']);
/** What a draft is refused for. */
const UNREADABLE = new Set(['type', 'format', 'x-digits', 'x-period', 'characters']);

describe.each(files)('corpus %s', (file) => {
  const corpus = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Corpus;

  it.each(corpus.cases.filter((one) => one.data !== undefined))('$name', (one) => {
    const { model, access } = viewOf(corpus.form, one);
    const data = one.before
      ? merged(model.root, one.before, one.data ?? {}, access)
      : withDefaults(model.root, one.data ?? {});
    const found = check(model, data, access).filter(
      (error) => one.purpose !== 'draft' || UNREADABLE.has(error.keyword),
    );
    const expected = (one.errors ?? []).filter(([, keyword]) => !SERVERS_OWN.has(keyword));
    expect(found.map((error) => [error.pointer, error.keyword])).toEqual(expected);
    for (const error of found) {
      const sentence = one.messages?.[error.pointer];
      if (sentence) expect(error.message).toEqual(sentence);
    }
    // What is computed or conditional may depend on what this view does not see: then the server alone knows.
    if (one.accepted && seesAll(model.root, access))
      expect(unmarked(settle(model.root, data, access).data)).toEqual(one.accepted);
  });

  const decided = (one: Case) => {
    const { model, access } = viewOf(corpus.form, one);
    return one.visible !== undefined && seesConditions(model.root, access);
  };
  it.each(corpus.cases.filter(decided))('shows the right fields: $name', (one) => {
    const { model, access } = viewOf(corpus.form, one);
    expect(pathsOf(model.root, access)).toEqual(one.visible);
  });
});

/** What the server would tell the browser of a case: the access to each field, and which values are masked. */
function viewOf(schema: JsonObject, one: Case): { model: FormModel; access: AccessOf } {
  const model = readForm(marked(schema, { others: one.rights.default, named: one.rights.fields ?? {} }));
  const access = accessIn({ masked: [] });
  const withheld = (level: Level, around: string | null): string[] =>
    level.fields.flatMap((field) => {
      const kind = field.keywords['x-class'] ?? around;
      const hidden =
        typeof kind === 'string' && ['pay', 'identity'].includes(kind) && !(one.classes ?? []).includes(kind);
      const inner = levelOf(field.kind);
      if (inner) return withheld(inner, typeof kind === 'string' ? kind : null);
      return hidden && access(field) === 'readonly' ? [`/${field.path.replaceAll('.', '/')}`] : [];
    });
  return { model, access: accessIn({ masked: withheld(model.root, null) }) };
}

/** The data as it stands in the browser: what was there, with what was typed into it. */
function merged(level: Level, before: JsonObject, typed: JsonObject, access: AccessOf): JsonObject {
  const data: JsonObject = { ...before };
  for (const [name, value] of Object.entries(typed)) {
    const field = level.fields.find((candidate) => candidate.name === name);
    const old = before[name];
    if (field?.kind.kind === 'rows' && Array.isArray(value) && Array.isArray(old)) {
      const inner = field.kind.level;
      const stays = !writes(access(field));
      data[name] = value.map((row, index): Json => {
        if (!isObject(row)) return row;
        const from = typeof row[ROW] === 'number' ? row[ROW] : stays ? index : undefined;
        const known = from === undefined ? undefined : old[from];
        return isObject(known) ? merged(inner, known, row, access) : withDefaults(inner, row);
      });
    } else if (field?.kind.kind === 'group' && isObject(old)) {
      const cleared = Object.fromEntries(
        field.kind.level.fields.filter((inner) => writes(access(inner))).map((inner) => [inner.name, null]),
      );
      data[name] = merged(field.kind.level, old, isObject(value) ? value : cleared, access);
    } else if (field === undefined || value !== null || writes(access(field))) {
      data[name] = value;
    }
  }
  return data;
}

function seesAll(level: Level, access: AccessOf): boolean {
  return level.fields.every(
    (field) => !['hidden', 'masked'].includes(access(field)) && seesAll(levelOf(field.kind) ?? NOTHING, access),
  );
}

/** Tells whether conditions can be decided here; else the server decides them and sends another schema. */
function seesConditions(level: Level, access: AccessOf): boolean {
  const tested = level.conditions.flatMap(({ test }) =>
    Object.keys(isObject(test['properties']) ? test['properties'] : {}),
  );
  return level.fields.every((field) => !tested.includes(field.name) || !['hidden', 'masked'].includes(access(field)));
}

/** Without the marks on rows, which are not part of the data. */
function unmarked(value: Json): Json {
  if (Array.isArray(value)) return value.map(unmarked);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== ROW)
      .map(([name, inner]) => [name, unmarked(inner)]),
  );
}

const NOTHING: Level = { fields: [], conditions: [], dependents: {} };

function pathsOf(level: Level, access: AccessOf): string[] {
  return level.fields
    .filter((field) => access(field) !== 'hidden')
    .flatMap((field) => [field.path, ...pathsOf(levelOf(field.kind) ?? NOTHING, access)]);
}

it('the corpus is there', () => {
  expect(files.length).toBeGreaterThanOrEqual(5);
});
