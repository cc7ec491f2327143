// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { PilotTotal } from '../../api/pilot-types.ts';
import { draw } from '../../ui/testing.tsx';
import { setLanguage } from '../../words/language.ts';
import { zh } from '../../words/zh.ts';
import { decoded } from '../../ui/CsvField.tsx';
import { sign, useFigures } from './figures.ts';
import { SpreadPlot } from './SpreadPlot.tsx';

let leave = () => {};
beforeEach(() => setLanguage('zh'));
afterEach(() => leave());

const total: PilotTotal = {
  name: 'deducted',
  title: { zh: '本次扣款', en: 'Deducted' },
  money: true,
  current: '2400.00',
  candidate: '4000.00',
  difference: '1600.00',
  same: 1,
  more: 2,
  less: 1,
  spread: [
    { from: '-200.00', to: '0.00', count: 1 },
    { from: '0.00', to: '0.00', count: 1 },
    { from: '0.00', to: '200.00', count: 0 },
    { from: '200.00', to: '400.00', count: 2 },
  ],
};

it('writes amounts with their sign and keeps what is withheld', () => {
  const figures = useFigures();
  const of = (difference: string) => ({ current: '0.00', candidate: '0.00', difference });
  expect(figures.change({ ...of('1600.00'), money: true })).toBe('+¥1,600.00');
  expect(figures.change({ ...of('-0.05'), money: false })).toBe('-0.05');
  expect(figures.change({ ...of('＊＊＊'), money: true })).toBe('＊＊＊');
  expect([figures.mood(of('0.00')), figures.mood(of('0.01')), figures.mood(of('-9999999999999999.01'))]).toEqual(['same', 'more', 'less']);
  expect([sign('-0.00'), sign('＊＊＊')]).toEqual([0, 0]);
});

it('draws one bar a bin and says each of them in words', async () => {
  const page = await draw(<SpreadPlot total={total} />);
  leave = page.leave;
  const heights = [...page.element.querySelectorAll('rect')].map((bar) => Number(bar.getAttribute('height')));
  expect(heights).toHaveLength(4);
  expect(heights[2]).toBe(0);
  expect(heights[3]).toBeGreaterThan(heights[0] ?? Infinity);
  const said = [...page.element.querySelectorAll('li')].map((item) => item.textContent);
  expect(said).toEqual([zh.pilot.spreadBar('-¥200.00', '¥0.00', 1), zh.pilot.spreadZero(1), zh.pilot.spreadBar('¥200.00', '¥400.00', 2)]);
  await page.again(<SpreadPlot total={{ ...total, spread: [] }} />);
  expect(page.element.querySelector('svg')).toBeNull();
});

it('reads files as spreadsheets write them in China, and refuses what is no text', () => {
  const bytes = (...values: number[]) => new Uint8Array(values).buffer;
  expect(decoded(new TextEncoder().encode('\uFEFFpayee\nli').buffer)).toBe('payee\nli');
  expect(decoded(bytes(0xd0, 0xc2, 0xc0, 0xb4))).toBe('新来');
  expect(decoded(bytes(0x50, 0x4b, 0x03, 0x04, 0x00))).toBeNull();
});
