// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { formats } from './format.ts';
import { grouped } from './grouped.ts';
import { periodsAround } from './periods.ts';
import { instantOf, localOf } from './zone.ts';

const zh = formats('zh', 'Asia/Shanghai');
const en = formats('en', 'Asia/Shanghai');
const now = new Date('2026-11-21T04:00:00Z');

describe('times', () => {
  it('are those of the company’s clocks, whatever the browser’s are', () => {
    expect(zh.ago('2026-11-20T12:30:00Z', now)).toBe('昨天 20:30');
    expect(formats('zh', 'America/New_York').ago('2026-11-20T12:30:00Z', now)).toBe('今天 07:30');
  });

  it('of today are told by how long ago they are', () => {
    expect(zh.ago('2026-11-21T03:59:40Z', now)).toBe('刚刚');
    expect(zh.ago('2026-11-21T03:55:00Z', now)).toBe('5 分钟前');
    expect(en.ago('2026-11-21T01:00:00Z', now)).toBe('3 h ago');
  });

  it('by which something is due name the day as people do', () => {
    expect(zh.due('2026-11-21T10:00:00Z', now)).toBe('今天 18:00 前处理');
    expect(zh.due('2026-11-22T10:00:00Z', now)).toBe('明天 18:00 前处理');
    expect(en.due('2026-11-24T10:00:00Z', now)).toBe('due 24 Nov 18:00');
    expect(zh.lateness('2026-11-19T03:00:00Z', now)).toBe('已逾期 2 天');
    expect(zh.due('2026-11-21T16:00:00Z', now)).toBe('今天 24:00 前处理');
    expect(zh.due('2026-11-21T16:00:30Z', now)).toBe('明天 00:00 前处理');
    expect(en.due('2026-11-24T16:00:00Z', now)).toBe('due 24 Nov 24:00');
    expect(en.lateness('2026-11-21T03:59:30Z', now)).toBe('overdue by 1 minute');
  });
});

describe('dates, periods and sizes', () => {
  it('are written as each language writes them', () => {
    expect(zh.date('2026-03-01')).toBe('2026年3月1日');
    expect(en.date('2026-03-01')).toBe('1 Mar 2026');
    expect(zh.date('soon')).toBe('soon');
    expect(['2026-11', '2026-Q4', '2026-W05', '2026'].map(zh.period)).toEqual([
      '2026年11月',
      '2026 年第 4 季度',
      '2026 年第 5 周',
      '2026 年',
    ]);
    expect(en.period('2026-11')).toBe('November 2026');
    expect([900, 96_400, 1_830_211].map(zh.size)).toEqual(['900 B', '95 kB', '1.7 MB']);
  });
});

describe('amounts', () => {
  it('are grouped without becoming floats', () => {
    expect(zh.money('12345678901234567.89')).toBe('¥12,345,678,901,234,567.89');
    expect(zh.money('-1200.00')).toBe('-¥1,200.00');
    expect(zh.number('12800.5')).toBe('12,800.5');
    expect(grouped('很多', '¥')).toBe('很多');
  });
});

describe('moments typed by the clock', () => {
  it('go to UTC and back', () => {
    expect(instantOf('2026-03-01T09:00', 'Asia/Shanghai')).toBe('2026-03-01T01:00:00.000Z');
    expect(localOf('2026-03-01T01:00:00Z', 'Asia/Shanghai')).toBe('2026-03-01T09:00');
    expect(localOf('', 'Asia/Shanghai')).toBe('');
  });

  it('mind summer time', () => {
    expect(instantOf('2026-07-01T09:00', 'America/New_York')).toBe('2026-07-01T13:00:00.000Z');
    expect(instantOf('2026-12-01T09:00', 'America/New_York')).toBe('2026-12-01T14:00:00.000Z');
  });
});

describe('periods to choose from', () => {
  it('lie around today, the next ones first', () => {
    expect(periodsAround('quarter', '2026-11-21').slice(0, 4)).toEqual(['2027-Q3', '2027-Q2', '2027-Q1', '2026-Q4']);
    expect(periodsAround('month', '2026-01-31')).toContain('2025-12');
    expect(periodsAround('year', '2026-11-21')).toContain('2026');
  });

  it('count weeks as ISO 8601 does', () => {
    expect(periodsAround('week', '2027-01-01')[8]).toBe('2026-W53');
    expect(periodsAround('week', '2026-01-01')[8]).toBe('2026-W01');
  });
});
