import type { Json } from '../api/types.ts';
import { parseDate } from '../expr/dates.ts';
import { formatInstant, parseInstant } from '../expr/instants.ts';
import { compare, isDecimal, placesOf, written } from './decimals.ts';
import type { Kind } from './model.ts';

/** What is wrong with a value: the keyword, the key of its sentence, and the figures in it. */
export interface Fault {
  keyword: string;
  key: string;
  params: Record<string, string | number>;
}

export type Normal = { ok: true; value: Json | undefined } | { ok: false; fault: Fault };

const LINE_FAULT = fault('characters', 'characters.lines');
const INTEGER_MAX = Number.MAX_SAFE_INTEGER;
const MONEY_MAX = '10000000000000';
const DECIMAL_LIMIT = '999999999999999.999999999999';

export function fault(keyword: string, key = keyword, params: Fault['params'] = {}): Fault {
  return { keyword, key, params };
}

const good = (value: Json | undefined): Normal => ({ ok: true, value });
const bad = (keyword: string, key = keyword, params: Fault['params'] = {}): Normal => ({
  ok: false,
  fault: fault(keyword, key, params),
});
const notA = (format: string): Normal => bad('format', `format.${format}`, { format });

/** A single value as the server keeps it: trimmed, exact, in the one way it can be written. Nothing filled in is `undefined`. */
export function single(kind: Kind, value: Json | undefined): Normal {
  if (value === undefined || value === null) return good(undefined);
  if (kind.kind === 'integer') return integer(value);
  if (kind.kind === 'boolean') return typeof value === 'boolean' ? good(value) : bad('type', 'type.boolean');
  if (typeof value === 'number')
    return kind.kind === 'line' || kind.kind === 'paragraphs' ? bad('type') : notA(kind.kind);
  if (typeof value !== 'string') return bad('type');
  const text = value.trim();
  return text === '' ? good(undefined) : read(kind, text);
}

function read(kind: Kind, text: string): Normal {
  switch (kind.kind) {
    case 'paragraphs':
      return clean(text.replace(/\r\n?/g, '\n'));
    case 'line':
      return /[\r\n]/.test(text) ? { ok: false, fault: LINE_FAULT } : clean(text);
    case 'email':
      return isEmail(text) ? good(text) : notA('email');
    case 'money':
      return money(text);
    case 'decimal':
      return decimal(text, kind.digits);
    case 'date':
      return parseDate(text) === null ? notA('date') : good(text);
    case 'date-time':
      return dateTime(text);
    case 'period':
      return period(text, kind.length);
    case 'person':
    case 'file':
      return text.length <= 128 && !/[\s\p{Cc}]/u.test(text) ? good(text) : notA(kind.kind);
    case 'department':
      return /^[a-z][a-z0-9_-]{0,63}$/.test(text) ? good(text) : notA('department');
    default:
      return bad('type');
  }
}

function integer(value: Json): Normal {
  if (typeof value !== 'number' || !Number.isInteger(value)) return bad('type', 'type.integer');
  if (Math.abs(value) > INTEGER_MAX) {
    // Beyond 1e15 a number may be a fraction that was rounded; the server says the same of both.
    return Math.abs(value) > 1e19
      ? bad('type', 'type.integer')
      : bad('format', 'format.too-large', { format: 'integer' });
  }
  return good(value);
}

function clean(text: string): Normal {
  // Control characters, and those that turn the direction of what follows.
  return /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(text) ? bad('characters') : good(text);
}

function isEmail(text: string): boolean {
  return text.length <= 254 && /^[!#-+\--:=?A-~]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(text);
}

function money(text: string): Normal {
  if (!isDecimal(text)) return notANumber(text, 'money');
  if (placesOf(text) > 2) return notA('money.too-fine');
  if (isBeyond(text, MONEY_MAX)) return bad('format', 'format.too-large', { format: 'money' });
  return good(written(text, 2));
}

function decimal(text: string, digits: number): Normal {
  if (!isDecimal(text)) return notANumber(text, 'decimal');
  if (placesOf(text) > digits) return bad('x-digits', digits === 0 ? 'x-digits.whole' : 'x-digits', { limit: digits });
  if (isBeyond(text, DECIMAL_LIMIT)) return bad('format', 'format.too-large', { format: 'decimal' });
  return good(written(text));
}

/** Names the slip where it is a common one: full-width digits, thousands marks. */
function notANumber(text: string, format: string): Normal {
  const half = text
    .replace(/[０-９．－]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replaceAll('。', '.')
    .replaceAll('−', '-');
  if (half !== text && isDecimal(half)) return bad('format', 'format.full-width', { format });
  const bare = text.replace(/[,，\s_']/g, '');
  if (bare !== text && isDecimal(bare)) return bad('format', 'format.separators', { format });
  return notA(format);
}

/** Tells whether a number is farther from zero than a limit, or too far to be compared. */
function isBeyond(text: string, limit: string): boolean {
  const difference = compare(text.replace(/^[-+]/, ''), limit);
  return difference === null || difference > 0;
}

function dateTime(text: string): Normal {
  const instant = parseInstant(text);
  return instant === null ? notA('date-time') : good(formatInstant(instant));
}

const PERIODS: [string, RegExp][] = [
  ['week', /^\d{4}-W(0[1-9]|[1-4]\d|5[0-3])$/],
  ['month', /^\d{4}-(0[1-9]|1[0-2])$/],
  ['quarter', /^\d{4}-Q[1-4]$/],
  ['year', /^\d{4}$/],
];

function period(text: string, length: string | null): Normal {
  const kind = PERIODS.find(([, pattern]) => pattern.test(text))?.[0];
  if (!kind || (kind === 'week' && !weekExists(text))) return notA('period');
  if (length !== null && kind !== length) return bad('x-period', `x-period.${length}`, { limit: length });
  return good(text);
}

/** A year has 53 weeks when it begins on a Thursday, or on a Wednesday as a leap year. */
function weekExists(text: string): boolean {
  if (!text.endsWith('53')) return true;
  const year = Number(text.slice(0, 4));
  const first = new Date(Date.UTC(year, 0, 1)).getUTCDay();
  const leap = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
  return first === 4 || (leap && first === 3);
}
