import { describe, expect, it } from 'vitest';
import type { Json } from '../api/types.ts';
import type { Kind } from './model.ts';
import { single } from './normal.ts';

function outcome(kind: Kind, value: Json): Json {
  const normal = single(kind, value);
  return normal.ok ? (normal.value ?? null) : `! ${normal.fault.key}`;
}

describe('one value, as the server would keep it', () => {
  it.each<[string, Json]>([
    ['12800.5', '12800.50'],
    [' 12 ', '12.00'],
    ['-0', '0.00'],
    ['', null],
    ['１２８００', '! format.full-width'],
    ['12。5', '! format.full-width'],
    ['12,800.00', '! format.separators'],
    ['1.005', '! format.money.too-fine'],
    ['10000000000000.01', '! format.too-large'],
    ['很多', '! format.money'],
    ['1e3', '! format.money'],
  ])('money %j', (typed, expected) => {
    expect(outcome({ kind: 'money' }, typed)).toBe(expected);
  });

  it('refuses an amount that came as a number: it may have lost digits', () => {
    expect(outcome({ kind: 'money' }, 12.5)).toBe('! format.money');
  });

  it.each<[Json, Json]>([
    ['0.30', '0.3'],
    ['100', '100'],
    ['0.123', '! x-digits'],
    ['1000000000000000', '! format.too-large'],
  ])('decimal with two digits %j', (typed, expected) => {
    expect(outcome({ kind: 'decimal', digits: 2 }, typed)).toBe(expected);
  });

  it.each<[Json, Json]>([
    [5, 5],
    [5.5, '! type.integer'],
    ['5', '! type.integer'],
    [9_007_199_254_740_992, '! format.too-large'],
  ])('whole number %j', (typed, expected) => {
    expect(outcome({ kind: 'integer' }, typed)).toBe(expected);
  });

  it.each<[Kind, string, Json]>([
    [{ kind: 'date' }, '2024-02-29', '2024-02-29'],
    [{ kind: 'date' }, '2023-02-29', '! format.date'],
    [{ kind: 'date-time' }, '2026-03-01T09:00:00+08:00', '2026-03-01T01:00:00.000000Z'],
    [{ kind: 'period', length: 'month' }, '2026-Q1', '! x-period.month'],
    [{ kind: 'period', length: null }, '2026-W53', '2026-W53'],
    [{ kind: 'period', length: null }, '2025-W53', '! format.period'],
    [{ kind: 'line' }, '  张三\u3000', '张三'],
    [{ kind: 'line' }, 'a\nb', '! characters.lines'],
    [{ kind: 'line' }, '\u202eexe.txt', '! characters'],
    [{ kind: 'paragraphs' }, 'a\r\nb\n', 'a\nb'],
    [{ kind: 'email' }, 'li@example.com', 'li@example.com'],
    [{ kind: 'email' }, 'li@example', '! format.email'],
  ])('%j %j', (kind, typed, expected) => {
    expect(outcome(kind, typed)).toBe(expected);
  });
});
