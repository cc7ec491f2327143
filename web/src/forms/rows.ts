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

export function isNumeric(field: Field): boolean {
  return ['money', 'decimal', 'integer'].includes(field.kind.kind) && field.choices === null;
}

/** The sum of a column, for amounts and decimals that can be added; `null` for others. */
export function totalOf(column: Field, rows: JsonObject[]): string | null {
  if (!['money', 'decimal'].includes(column.kind.kind)) return null;
  const values = rows
    .map((row) => single(column.kind, row[column.name]))
    .flatMap((normal) => (normal.ok && normal.value !== undefined ? [String(normal.value)] : []));
  return values.length > 0 ? sum(values) : null;
}
