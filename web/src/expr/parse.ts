import { parseDate } from './dates.ts';
import { ExprSyntaxError, type Place, type SyntaxCode } from './errors.ts';
import { tokens, type Token } from './tokens.ts';
import type { Comparison, Logic, Node, Operator, Part } from './tree.ts';
import { OVER_ROWS, WORDS } from './words.ts';

/** In bytes of UTF-8. */
const MAX_LENGTH = 4096;
const MAX_DEPTH = 64;
const MAX_NODES = 1000;

const RESERVED: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in', 'if', 'then', 'else', 'true', 'false']);
const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

/** Reads a whole expression, exactly as `domain/src/expr/parse.rs` does. */
export function parseTree(source: string): Node {
  const length = new TextEncoder().encode(source).length;
  if (length > MAX_LENGTH) throw new ExprSyntaxError('expr.too-long', { start: 0, end: source.length });
  return new Parser(tokens(source)).whole();
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  #nodes = 0;
  /** Whether a leading point means something here. */
  #inRow = false;

  constructor(found: readonly Token[]) {
    this.#tokens = found;
  }

  whole(): Node {
    if (this.#here().kind === 'end') throw new ExprSyntaxError('expr.empty', { start: 0, end: 0 });
    const node = this.#expression();
    return this.#here().kind === 'end' ? node : this.#fail('expr.syntax');
  }

  #expression(): Node {
    return this.#deeper(() => {
      const { start } = this.#here();
      if (!this.#eat('name', 'if')) return this.#logic('or');
      const condition = this.#expression();
      this.#expect('name', 'then');
      const whenTrue = this.#expression();
      this.#expect('name', 'else');
      return this.#node({ kind: 'if', condition, whenTrue, whenFalse: this.#expression() }, start);
    });
  }

  #logic(logic: Logic): Node {
    const operand = () => (logic === 'or' ? this.#logic('and') : this.#negation());
    const { start } = this.#here();
    const operands = [operand()];
    while (this.#eat('name', logic)) operands.push(operand());
    const [first] = operands;
    return first !== undefined && operands.length === 1 ? first : this.#node({ kind: 'logic', logic, operands }, start);
  }

  #negation(): Node {
    const { start } = this.#here();
    if (!this.#eat('name', 'not')) return this.#comparison();
    const inner = this.#deeper(() => this.#negation());
    return this.#node({ kind: 'not', inner }, start);
  }

  #comparison(): Node {
    const { start } = this.#here();
    const left = this.#sum();
    const comparison = this.#eatComparison();
    if (comparison === null) return left;
    const right = this.#sum();
    const again = this.#here();
    if (this.#eatComparison() !== null) throw new ExprSyntaxError('expr.chained', again);
    return this.#node({ kind: 'compare', left, comparison, right }, start);
  }

  #eatComparison(): Comparison | null {
    const token = this.#here();
    if (token.kind === 'sign' && COMPARISONS.has(token.text)) {
      this.#at += 1;
      return token.text as Comparison;
    }
    if (this.#eat('name', 'in')) return 'in';
    const following = this.#tokens[this.#at + 1];
    if (this.#is('name', 'not') && following?.kind === 'name' && following.text === 'in') {
      this.#at += 2;
      return 'not in';
    }
    return null;
  }

  #sum(): Node {
    return this.#chain(['+', '-'], () => this.#chain(['*', '/'], () => this.#minus()));
  }

  #chain(operators: readonly Operator[], operand: () => Node): Node {
    const { start } = this.#here();
    const first = operand();
    const rest: [Operator, Node][] = [];
    for (;;) {
      const operator = operators.find((sign) => this.#eat('sign', sign));
      if (operator === undefined) break;
      rest.push([operator, operand()]);
    }
    return rest.length === 0 ? first : this.#node({ kind: 'arithmetic', first, rest }, start);
  }

  #minus(): Node {
    const { start } = this.#here();
    if (!this.#eat('sign', '-')) return this.#primary();
    const inner = this.#deeper(() => this.#minus());
    return this.#node({ kind: 'negate', inner }, start);
  }

  #primary(): Node {
    const token = this.#here();
    if (token.kind === 'number') return this.#leaf({ kind: 'number', value: token.value });
    if (token.kind === 'text') return this.#leaf({ kind: 'text', value: token.text });
    if (token.kind === 'name') return this.#named(token.text);
    if (this.#is('sign', '(')) return this.#parenthesis();
    if (this.#is('sign', '[')) return this.#list();
    return this.#is('sign', '.') ? this.#rowPath() : this.#fail('expr.syntax');
  }

  #named(name: string): Node {
    const token = this.#here();
    if (name === 'true' || name === 'false') return this.#leaf({ kind: 'bool', value: name === 'true' });
    if (RESERVED.has(name)) return this.#fail('expr.syntax');
    this.#at += 1;
    return this.#eat('sign', '(') ? this.#call(name, token) : this.#path(false, name, token.start);
  }

  #leaf(part: Part): Node {
    const { start } = this.#here();
    this.#at += 1;
    return this.#node(part, start);
  }

  #parenthesis(): Node {
    const { start } = this.#here();
    this.#at += 1;
    const inner = this.#expression();
    this.#expect('sign', ')');
    return { ...inner, start, end: this.#end };
  }

  #list(): Node {
    const { start } = this.#here();
    this.#at += 1;
    const items = [this.#expression()];
    while (this.#eat('sign', ',')) items.push(this.#expression());
    this.#expect('sign', ']');
    return this.#node({ kind: 'list', items }, start);
  }

  #rowPath(): Node {
    const { start } = this.#here();
    this.#at += 1;
    const token = this.#here();
    if (token.kind === 'number') throw new ExprSyntaxError('expr.number', { start, end: token.end });
    if (token.kind !== 'name') return this.#fail('expr.syntax');
    if (!this.#inRow) throw new ExprSyntaxError('expr.row-outside', { start, end: token.end });
    this.#at += 1;
    return this.#path(true, token.text, start);
  }

  #path(ofRow: boolean, first: string, start: number): Node {
    const names = [first];
    this.#eatRows();
    while (this.#eat('sign', '.')) {
      const token = this.#here();
      if (token.kind !== 'name') return this.#fail('expr.syntax');
      this.#at += 1;
      names.push(token.text);
      this.#eatRows();
    }
    return this.#node({ kind: 'path', ofRow, names }, start);
  }

  /** `[]` behind a name says to readers that it is a list; it changes nothing. */
  #eatRows(): void {
    const following = this.#tokens[this.#at + 1];
    if (this.#is('sign', '[') && following?.kind === 'sign' && following.text === ']') this.#at += 2;
  }

  /** What follows `name(`. */
  #call(name: string, place: Place): Node {
    const word = WORDS.get(name);
    if (word === undefined) throw new ExprSyntaxError('expr.unknown-function', place);
    const token = this.#here();
    if (name === 'date' && token.kind === 'text') return this.#date(token.text, token, place);
    const inputs = this.#inputs(OVER_ROWS.has(name));
    const meaning = word(inputs.length);
    if (meaning === null) throw new ExprSyntaxError('expr.arguments', { start: place.start, end: this.#end });
    if ('call' in meaning) return this.#node({ kind: 'call', name: meaning.call, inputs }, place.start);
    const [list, each = null] = inputs;
    return list === undefined ? this.#fail('expr.syntax') : this.#node({ kind: 'fold', fold: meaning.fold, list, each }, place.start);
  }

  /** `date("2026-03-01")`, from the text on. */
  #date(text: string, written: Place, name: Place): Node {
    this.#at += 1;
    this.#expect('sign', ')');
    const value = parseDate(text);
    if (value === null) throw new ExprSyntaxError('expr.date', written);
    return this.#node({ kind: 'date', value }, name.start);
  }

  /** Arguments up to the closing parenthesis; those after the first may look at rows. */
  #inputs(overRows: boolean): Node[] {
    const inputs: Node[] = [];
    if (this.#eat('sign', ')')) return inputs;
    const outside = this.#inRow;
    do {
      this.#inRow = outside || (overRows && inputs.length > 0);
      inputs.push(this.#expression());
    } while (this.#eat('sign', ','));
    this.#inRow = outside;
    this.#expect('sign', ')');
    return inputs;
  }

  /** Goes one level down, but never deeper than the limit. */
  #deeper(read: () => Node): Node {
    if (this.#depth >= MAX_DEPTH) return this.#fail('expr.too-deep');
    this.#depth += 1;
    const node = read();
    this.#depth -= 1;
    return node;
  }

  /** Makes a node that reaches from `start` to the last token that was read. */
  #node(part: Part, start: number): Node {
    const place = { start, end: this.#end };
    this.#nodes += 1;
    if (this.#nodes > MAX_NODES) throw new ExprSyntaxError('expr.too-many-parts', place);
    return { ...part, ...place };
  }

  #here(): Token {
    const last = { kind: 'end', start: this.#end, end: this.#end } as const;
    return this.#tokens[this.#at] ?? last;
  }

  /** Where the last token that was read ends. */
  get #end(): number {
    return this.#tokens[this.#at - 1]?.end ?? 0;
  }

  #is(kind: 'name' | 'sign', text: string): boolean {
    const token = this.#here();
    return token.kind === kind && token.text === text;
  }

  #eat(kind: 'name' | 'sign', text: string): boolean {
    const found = this.#is(kind, text);
    if (found) this.#at += 1;
    return found;
  }

  #expect(kind: 'name' | 'sign', text: string): void {
    if (!this.#eat(kind, text)) this.#fail('expr.syntax');
  }

  #fail(code: SyntaxCode): never {
    throw new ExprSyntaxError(code, { start: this.#here().start, end: this.#here().end });
  }
}
