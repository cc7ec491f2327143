/**
 * The numbers of the expression language: fixed point with twelve digits after the point, held as a count of 10^-12.
 *
 * The twin of `domain/src/expr/fixed.rs`. Results at or beyond 10^15 do not exist: they are `null`.
 */
export type Decimal = bigint;

/** Digits kept after the point. */
export const DIGITS = 12;
export const ZERO: Decimal = 0n;

const ONE = 10n ** BigInt(DIGITS);
const LIMIT = 10n ** 15n * ONE;
/** Longer texts are no numbers anywhere in the product. */
const LONGEST = 40;

/** Reads a plain decimal, rounded to twelve digits after the point; `null` for any other text and beyond the limit. */
export function parse(text: string): Decimal | null {
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (parts === null || text.length > LONGEST) return null;
  const fraction = parts[3] ?? '';
  const scaled = BigInt((parts[2] ?? '') + fraction) * ONE;
  const magnitude = divided(scaled, 10n ** BigInt(fraction.length));
  return within(parts[1] === '-' ? -magnitude : magnitude);
}

/** Whether a plain decimal has no more than twelve digits after the point, zeros at the end aside. */
export function isExact(text: string): boolean {
  return (text.split('.')[1] ?? '').replace(/0+$/, '').length <= DIGITS;
}

/** Writes a plain decimal without zeros at its end. */
export function format(value: Decimal): string {
  const magnitude = value < 0n ? -value : value;
  const fraction = String(magnitude % ONE).padStart(DIGITS, '0').replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${magnitude / ONE}${fraction === '' ? '' : `.${fraction}`}`;
}

export function whole(value: number): Decimal {
  return BigInt(value) * ONE;
}

/** The value where it has no digits after the point; beyond what a `number` holds exactly it does not get, see the limit. */
export function asWhole(value: Decimal): number | null {
  return value % ONE === 0n ? Number(value / ONE) : null;
}

export function add(a: Decimal, b: Decimal): Decimal | null {
  return within(a + b);
}

export function sub(a: Decimal, b: Decimal): Decimal | null {
  return within(a - b);
}

export function mul(a: Decimal, b: Decimal): Decimal | null {
  return within(divided(a * b, ONE));
}

/** `b` must not be zero. */
export function div(a: Decimal, b: Decimal): Decimal | null {
  return within(divided(a * ONE, b));
}

export function cmp(a: Decimal, b: Decimal): number {
  return a < b ? -1 : Number(a > b);
}

/** Rounds to `digits` after the point, half away from zero. */
export function round(value: Decimal, digits: number): Decimal | null {
  const unit = 10n ** BigInt(Math.max(DIGITS - digits, 0));
  return within(divided(value, unit) * unit);
}

/** The quotient rounded to a whole number, half away from zero. */
function divided(a: bigint, b: bigint): bigint {
  const [magnitude, by] = [a < 0n ? -a : a, b < 0n ? -b : b];
  const quotient = magnitude / by + ((magnitude % by) * 2n >= by ? 1n : 0n);
  return a < 0n === b < 0n ? quotient : -quotient;
}

function within(value: bigint): Decimal | null {
  return value < LIMIT && value > -LIMIT ? value : null;
}
