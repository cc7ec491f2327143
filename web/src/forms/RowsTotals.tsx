import type { JsonObject } from '../api/types.ts';
import { useText, useWords } from '../words/index.ts';
import { useFormats } from '../words/use-formats.ts';
import { written } from './decimals.ts';
import type { Field } from './model.ts';
import { totalOf } from './rows.ts';

interface Props {
  field: Field;
  rows: JsonObject[];
  /** The columns of the table it stands under; without them it is a line of its own. */
  columns?: Field[];
  before?: number;
  after?: number;
}

/** What the rows add up to. */
export function RowsTotals({ field, rows, columns, before = 0, after = 0 }: Props) {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  if (field.kind.kind !== 'rows' || rows.length < 2) return null;
  const totals = new Map(
    (columns ?? field.kind.level.fields).flatMap((column) => {
      const total = totalOf(column, rows);
      if (total === null) return [];
      return [[column.name, formats.money(written(total, 2))] as const];
    }),
  );
  if (totals.size === 0) return null;
  if (!columns) {
    return (
      <p className="rows-total">
        {field.kind.level.fields
          .filter((column) => totals.has(column.name))
          .map((column) => (
            <span key={column.name}>
              {words.form.total} {text(column.title)} <b className="number">{totals.get(column.name)}</b>
            </span>
          ))}
      </p>
    );
  }
  const first = columns.findIndex((column) => totals.has(column.name));
  return (
    <tfoot>
      <tr>
        <th colSpan={before + first} scope="row">
          {words.form.total}
        </th>
        {columns.slice(first).map((column) => (
          <td key={column.name} className="figure number">
            {totals.get(column.name) ?? ''}
          </td>
        ))}
        {after > 0 ? <td colSpan={after} /> : null}
      </tr>
    </tfoot>
  );
}
