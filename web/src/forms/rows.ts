import type { JsonObject } from '../api/types.ts';
import type { AccessOf } from './access.ts';
import { sum } from './decimals.ts';
import type { Field } from './model.ts';
import { single } from './normal.ts';

/** The columns of a table of rows: those its author listed, then the rest; none that is hidden. */
export function columnsOf(field: Field, access: AccessOf): Field[] {
  if (field.kind.kind !== 'rows') return [];
  const { level, columns } = field.kind;
  const place = (column: Field) => {
    const index = columns.indexOf(column.name);
    return index < 0 ? columns.length : index;
  };
  return level.fields.filter((column) => access(column) !== 'hidden').sort((a, b) => place(a) - place(b));
}

/** The most columns that stand side by side; more make every row a block of its own. */
const MOST_COLUMNS = 4;

export function isWide(columns: Field[]): boolean {
  return columns.length > MOST_COLUMNS;
}

export function isNumeric(field: Field): boolean {
  return ['money', 'decimal', 'integer'].includes(field.kind.kind) && field.choices === null;
}

/** The sum of a column of amounts; `null` for others: points may add up, scores do not, and who wants a sum computes it. */
export function totalOf(column: Field, rows: JsonObject[]): string | null {
  if (column.kind.kind !== 'money') return null;
  const values = rows
    .map((row) => single(column.kind, row[column.name]))
    .flatMap((normal) => (normal.ok && normal.value !== undefined ? [String(normal.value)] : []));
  return values.length > 0 ? sum(values) : null;
}
