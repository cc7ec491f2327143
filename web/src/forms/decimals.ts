import * as decimal from '../expr/decimal.ts';

/** Decimal texts as forms hold them, on the exact numbers of the expression language. */

const PLAIN = /^[-+]?(\d+(\.\d*)?|\.\d+)$/;

export function isDecimal(text: string): boolean {
  return PLAIN.test(text);
}

/** Below, at or above zero as `a` is less than, equal to or more than `b`; `null` where one is no number or too large. */
export function compare(a: string, b: string): number | null {
  const [left, right] = [decimal.parse(a), decimal.parse(b)];
  return left === null || right === null ? null : decimal.cmp(left, right);
}

/** How many digits stand after the point, without needless zeros. */
export function placesOf(text: string): number {
  return (text.split('.')[1] ?? '').replace(/0+$/, '').length;
}

/** Writes a decimal without needless zeros, or with exactly so many digits after the point. */
export function written(text: string, places?: number): string {
  const minus = text.startsWith('-');
  const [whole = '', fraction = ''] = text.replace(/^[-+]/, '').split('.');
  const digits = whole.replace(/^0+(?=\d)/, '') || '0';
  const after = places === undefined ? fraction.replace(/0+$/, '') : fraction.slice(0, places).padEnd(places, '0');
  const plain = after ? `${digits}.${after}` : digits;
  return minus && /[1-9]/.test(plain) ? `-${plain}` : plain;
}

/** Rounds half away from zero. */
export function rounded(text: string, places: number): string {
  const value = decimal.parse(text);
  const result = value === null ? null : decimal.round(value, places);
  return result === null ? text : decimal.format(result);
}

/** The sum of decimals; `null` beyond what can be added exactly. */
export function sum(values: string[]): string | null {
  let total: decimal.Decimal | null = decimal.ZERO;
  for (const value of values) {
    const next = decimal.parse(value);
    total = total === null || next === null ? null : decimal.add(total, next);
  }
  return total === null ? null : decimal.format(total);
}
