import type { Field } from '../../forms/model.ts';

/** One row of a form that came, went or changed, without what stayed as it was. */
export interface RowChange {
  /** From 1; of a row that went, the place it had. */
  row: number;
  kind: 'changed' | 'added' | 'removed';
  cells: { column: Field; before: string; after: string }[];
}

type Row = Map<Field, string>;

/** The server tells no more rows than some, and how many there are besides. */
const MORE_ROWS = /(；另有 \d+ 行|; \d+ more rows)$/;

/** What differs between two texts of the same rows, in which the server names every column by its title. */
export function rowChanges(before: string, after: string, columns: Field[]): RowChange[] {
  const [old, now] = [rowsIn(before, columns), rowsIn(after, columns)];
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && same(old[head], now[head])) head += 1;
  let tail = 0;
  while (tail < shorter - head && same(old[old.length - 1 - tail], now[now.length - 1 - tail])) tail += 1;
  const [gone, come] = [old.slice(head, old.length - tail), now.slice(head, now.length - tail)];
  return Array.from({ length: Math.max(gone.length, come.length) }, (_, index): RowChange => {
    const [was, is] = [gone[index], come[index]];
    const cells = columns
      .map((column) => ({ column, before: was?.get(column) ?? '', after: is?.get(column) ?? '' }))
      .filter((cell) => cell.before !== cell.after);
    return { row: head + index + 1, kind: !was ? 'added' : !is ? 'removed' : 'changed', cells };
  }).filter((change) => change.cells.length > 0);
}

/** Reads rows back; a value may hold the marks that part them, so only a mark before a title counts. */
function rowsIn(text: string, columns: Field[]): Row[] {
  const byTitle = new Map(columns.flatMap((column) => titles(column).map((title) => [title, column] as const)));
  const names = [...byTitle.keys()].sort((a, b) => b.length - a.length).map(escaped);
  if (names.length === 0) return [];
  const marks = [...text.matchAll(new RegExp(`(^|，|, |；|; )(${names.join('|')})(?:：|: )`, 'g'))];
  const rows: Row[] = [];
  for (const [index, mark] of marks.entries()) {
    const [whole, parting = '', title = ''] = mark;
    if (rows.length === 0 || parting.startsWith('；') || parting.startsWith(';')) rows.push(new Map());
    const value = text.slice(mark.index + whole.length, marks[index + 1]?.index).replace(MORE_ROWS, '');
    const column = byTitle.get(title);
    if (column) rows.at(-1)?.set(column, value);
  }
  return rows;
}

function titles({ title }: Field): string[] {
  return title.en === undefined ? [title.zh] : [title.zh, title.en];
}

function escaped(title: string): string {
  return title.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

function same(a: Row | undefined, b: Row | undefined): boolean {
  return a?.size === b?.size && [...(a ?? [])].every(([column, value]) => b?.get(column) === value);
}
