/** Exact arithmetic on decimal texts, as far as checking a form needs it. */

const PLAIN = /^[-+]?(\d+(\.\d*)?|\.\d+)$/;

export function isDecimal(text: string): boolean {
  return PLAIN.test(text);
}

/** Below, at or above zero as `a` is less than, equal to or more than `b`. Both must be decimals. */
export function compare(a: string, b: string): number {
  const places = Math.max(placesOf(a), placesOf(b));
  const difference = scaled(a, places) - scaled(b, places);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** How many digits stand after the point, without needless zeros. */
export function placesOf(text: string): number {
  return (text.split('.')[1] ?? '').replace(/0+$/, '').length;
}

/** Writes a decimal with exactly, or at least without need for more than, so many digits after the point. */
export function written(text: string, places?: number): string {
  const minus = text.startsWith('-');
  const [whole = '', fraction = ''] = text.replace(/^[-+]/, '').split('.');
  const digits = whole.replace(/^0+(?=\d)/, '') || '0';
  const after = places === undefined ? fraction.replace(/0+$/, '') : fraction.slice(0, places).padEnd(places, '0');
  const plain = after ? `${digits}.${after}` : digits;
  return minus && /[1-9]/.test(plain) ? `-${plain}` : plain;
}

/** The sum of decimals, with as many digits as it needs. */
export function sum(values: string[]): string {
  const places = Math.max(0, ...values.map(placesOf));
  const total = values.reduce((before, value) => before + scaled(value, places), 0n);
  const digits = String(total < 0n ? -total : total).padStart(places + 1, '0');
  const point = digits.length - places;
  return written(`${total < 0n ? '-' : ''}${digits.slice(0, point)}${places > 0 ? `.${digits.slice(point)}` : ''}`);
}

function scaled(text: string, places: number): bigint {
  const [whole = '', fraction = ''] = text.replace(/^[-+]/, '').split('.');
  const digits = BigInt((whole || '0') + fraction.slice(0, places).padEnd(places, '0'));
  return text.startsWith('-') ? -digits : digits;
}
