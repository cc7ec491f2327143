import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  Calendar,
  EvalError,
  Expr,
  ExprSyntaxError,
  fromJson,
  parseDate,
  toJson,
  ValueError,
  type CalendarJson,
  type Json,
  type Type,
  type Value,
} from './index.ts';

interface Case {
  expression: string;
  wrap?: [string, string, number];
  scope?: string;
  calendar?: string;
  parse?: string;
  check?: string[];
  at?: string;
  paths?: string[];
  error?: string;
  year?: number;
  result?: Json;
}

interface Corpus {
  today: string;
  calendars: Record<string, CalendarJson>;
  scopes: Record<string, { type: Type; value: { [name: string]: Json }; repeat?: Record<string, [Json, number]> }>;
  messages: Record<string, { zh: string; en: string }>;
  cases: Case[];
}

/** The corpus that the server's implementation is held to as well; `npm test` runs in `web/`. */
const corpus = JSON.parse(readFileSync('../domain/corpus/expressions.json', 'utf8')) as Corpus;

function sourceOf({ expression, wrap }: Case): string {
  return wrap === undefined ? expression : wrap[0].repeat(wrap[2]) + expression + wrap[1].repeat(wrap[2]);
}

function scopeOf(name: string | undefined): Value {
  const scope = corpus.scopes[name ?? ''];
  if (scope === undefined) throw new Error(`no scope ${name}`);
  const rows = Object.entries(scope.repeat ?? {}).map(([field, [row, times]]) => [field, Array.from({ length: times }, () => row)]);
  return fromJson({ ...scope.value, ...Object.fromEntries(rows) }, scope.type);
}

/** What a case comes to, in the form in which the corpus says it. */
function outcome(wanted: Case): Partial<Case> {
  const source = sourceOf(wanted);
  const at = (place: { start: number; end: number }) => (wanted.at === undefined ? {} : { at: source.slice(place.start, place.end) });
  try {
    const expr = new Expr(source);
    const paths = wanted.paths === undefined ? {} : { paths: expr.paths() };
    if (wanted.check !== undefined) return { ...paths, check: wanted.check, at: wanted.at ?? '' };
    const json = wanted.calendar === undefined ? undefined : corpus.calendars[wanted.calendar];
    const context = { today: parseDate(corpus.today) ?? 0, calendar: json === undefined ? null : new Calendar(json) };
    return { ...paths, result: toJson(expr.evaluate(scopeOf(wanted.scope), context)) };
  } catch (error) {
    if (error instanceof ExprSyntaxError) return { parse: error.code, ...at(error.place) };
    if (!(error instanceof EvalError)) throw error;
    return { error: error.code, ...at(error.place), ...(error.year === null ? {} : { year: error.year }) };
  }
}

describe('expressions', () => {
  it.each(corpus.cases.map((wanted) => [sourceOf(wanted).slice(0, 80), wanted] as const))('%s', (_, wanted) => {
    const { result, error, parse, check, at, year, paths } = wanted;
    expect(outcome(wanted)).toEqual(JSON.parse(JSON.stringify({ result, error, parse, check, at, year, paths })));
  });

  it('fail in the same words as on the server', () => {
    for (const [code, { zh, en }] of Object.entries(corpus.messages)) {
      const error = new EvalError(code as EvalError['code'], { start: 0, end: 0 }, 2027);
      expect([error.sentence('zh'), error.sentence('en')]).toEqual([zh, en]);
    }
  });
});

describe('values', () => {
  const order: Type = {
    record: {
      amount: { type: 'number' },
      at: { type: 'instant' },
      items: { type: { list: { record: { points: { type: 'number' } } } } },
      on: { type: 'date' },
      'a/b~c': { type: 'bool', optional: true },
    },
  };

  it('are read from JSON by type and written back plainly', () => {
    const json: Json = {
      amount: '12800.50',
      at: '2026-03-01T09:00:00.1234567+08:00',
      items: [{ points: 7, unknown: 1 }, null, { points: null }],
      on: '2026-03-01',
      other: [1.5],
    };
    const plain: Json = { amount: '12800.5', at: '2026-03-01T01:00:00.123456Z', items: [{ points: '7' }, null, {}], on: '2026-03-01' };
    expect(toJson(fromJson(json, order))).toEqual(plain);
    expect(toJson(fromJson(plain, order))).toEqual(plain);
  });

  it.each<[string, Json]>([
    ['', []],
    ['/amount', { amount: '1e3' }],
    ['/amount', { amount: 0.5 }],
    ['/amount', { amount: '1000000000000000' }],
    ['/items/1/points', { items: [{ points: 1 }, { points: true }] }],
    ['/on', { on: '2026-02-29' }],
    ['/on', { on: '2026-3-1' }],
    ['/on', { on: '0000-01-01' }],
    ['/at', { at: '2026-03-01 09:00:00Z' }],
    ['/at', { at: '2026-03-01T09:00:00' }],
    ['/at', { at: '2026-03-01T09:00:00.Z' }],
    ['/at', { at: '2026-03-01T23:59:60Z' }],
    ['/a~1b~0c', { 'a/b~c': 1 }],
  ])('are refused at %s in %j', (pointer, json) => {
    expect(() => fromJson(json, order)).toThrow(expect.objectContaining({ pointer }) as ValueError);
  });
});
