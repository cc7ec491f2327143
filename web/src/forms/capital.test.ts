import { expect, it } from 'vitest';
import { capital } from './capital.ts';

it.each([
  ['0', '零元整'],
  ['0.05', '伍分'],
  ['0.50', '伍角'],
  ['1.05', '壹元零伍分'],
  ['10', '壹拾元整'],
  ['101', '壹佰零壹元整'],
  ['1010.10', '壹仟零壹拾元壹角'],
  ['12800.50', '壹万贰仟捌佰元伍角'],
  ['10000', '壹万元整'],
  ['100001', '壹拾万零壹元整'],
  ['10010010', '壹仟零壹万零壹拾元整'],
  ['100000000', '壹亿元整'],
  ['100000001.01', '壹亿零壹元零壹分'],
  ['1002003004', '壹拾亿零贰佰万叁仟零肆元整'],
  ['-86.30', '负捌拾陆元叁角'],
])('%s is written %s', (amount, words) => {
  expect(capital(amount)).toBe(words);
});

it('is not said of what is no amount', () => {
  expect(capital('1.005')).toBeNull();
  expect(capital('')).toBeNull();
});
