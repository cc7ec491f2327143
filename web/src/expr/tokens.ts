import * as decimal from './decimal.ts';
import { ExprSyntaxError, type Place } from './errors.ts';

export type Token = Place &
  (
    | { readonly kind: 'number'; readonly value: decimal.Decimal }
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'name'; readonly text: string }
    | { readonly kind: 'sign'; readonly text: string }
    | { readonly kind: 'end' }
  );

const SPACE = /[ \t\n\r\u00a0\u3000]*/uy;
const NUMBER = /[0-9][_\p{Alphabetic}\p{N}.]*/uy;
const NAME = /[_\p{Alphabetic}][_\p{Alphabetic}\p{N}]*/uy;
const TEXT = /"[^"\n]*"?|'[^'\n]*'?/uy;
const SIGN = /==|!=|<=|>=|[≠≤≥<>+\-−*×/÷()[\],.]/uy;

/** Other ways of writing some signs. */
const SAME: Readonly<Record<string, string>> = { '≠': '!=', '≤': '<=', '≥': '>=', '−': '-', '×': '*', '÷': '/' };

/** Cuts a text into tokens, each with its place; the last is always the end. */
export function tokens(source: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  for (;;) {
    at += match(SPACE, source, at).length;
    const token = next(source, at);
    found.push(token);
    if (token.kind === 'end') return found;
    at = token.end;
  }
}

function next(source: string, start: number): Token {
  if (start === source.length) return { kind: 'end', start, end: start };
  const number = match(NUMBER, source, start);
  if (number !== '') return { kind: 'number', value: literal(number, start), start, end: start + number.length };
  const text = match(TEXT, source, start);
  if (text !== '') return { kind: 'text', text: unquoted(text, start), start, end: start + text.length };
  const name = match(NAME, source, start);
  if (name !== '') return { kind: 'name', text: name, start, end: start + name.length };
  const sign = match(SIGN, source, start);
  if (sign !== '') return { kind: 'sign', text: SAME[sign] ?? sign, start, end: start + sign.length };
  const character = String.fromCodePoint(source.codePointAt(start) ?? 0);
  throw new ExprSyntaxError('expr.character', { start, end: start + character.length });
}

function literal(written: string, start: number): decimal.Decimal {
  const value = decimal.isExact(written) ? decimal.parse(written) : null;
  if (value === null) throw new ExprSyntaxError('expr.number', { start, end: start + written.length });
  return value;
}

function unquoted(written: string, start: number): string {
  if (written.length < 2 || !written.endsWith(written.charAt(0))) {
    throw new ExprSyntaxError('expr.text-open', { start, end: start + written.length });
  }
  return written.slice(1, -1);
}

/** What a sticky pattern matches at a place; nothing where it does not. */
function match(pattern: RegExp, source: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? '';
}
