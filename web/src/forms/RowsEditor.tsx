import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { Json, JsonObject } from '../api/types.ts';
import type { ControlProps } from '../ui/Field.tsx';
import { usePhone } from '../ui/use-phone.ts';
import { useText, useWords } from '../words/index.ts';
import { writes } from './access.ts';
import { controlId, useFormParts } from './context.ts';
import { withDefaults } from './defaults.ts';
import { LevelFields, useError } from './FormFields.tsx';
import { isObject, type Field, type Level } from './model.ts';
import { inside } from './pointer.ts';
import { filled, ReadValue } from './ReadValue.tsx';
import { columnsOf, isNumeric, isWide } from './rows.ts';
import { RowsTotals } from './RowsTotals.tsx';
import { settle } from './settle.ts';
import { cellWidgetFor } from './widgets/registry.ts';

interface Props {
  field: Field;
  value: Json[];
  pointer: string;
  control: ControlProps;
}

/** Rows to fill: a table with totals on desks; on phones, or with many columns, a card for each row. */
export function RowsEditor({ field, value, pointer, control }: Props) {
  const words = useWords();
  const phone = usePhone();
  const { access, set } = useFormParts();
  if (field.kind.kind !== 'rows') return null;
  const { level } = field.kind;
  const grows = writes(access(field));
  const most = typeof field.keywords['maxItems'] === 'number' ? field.keywords['maxItems'] : 2000;
  const rows = value.map((row) => (isObject(row) ? row : {}));
  const remove = (index: number) =>
    set(
      pointer,
      value.filter((_, other) => other !== index),
    );
  const shared = { field, level, rows, pointer, ...(grows ? { remove } : {}) };
  return (
    <div className="rows">
      {rows.length === 0 ? (
        <p className="soft">{words.form.noRows}</p>
      ) : phone || isWide(columnsOf(field, access)) ? (
        <RowCards {...shared} />
      ) : (
        <RowTable {...shared} />
      )}
      {grows ? (
        <Button
          id={control.id}
          aria-describedby={control['aria-describedby']}
          type="dashed"
          block
          icon={<PlusOutlined />}
          disabled={rows.length >= most}
          onClick={() => set(pointer, [...value, withDefaults(level, {})])}
        >
          {words.form.addRow}
        </Button>
      ) : null}
    </div>
  );
}

interface RowsProps {
  field: Field;
  level: Level;
  rows: JsonObject[];
  pointer: string;
  remove?: (index: number) => void;
}

function RowCards({ field, level, rows, pointer, remove }: RowsProps) {
  const words = useWords();
  const { access } = useFormParts();
  const known = columnsOf(field, access).filter((column) => !writes(access(column)));
  return (
    <>
      {rows.map((row, index) => (
        <section key={inside(pointer, index)} className="row-card" aria-label={words.form.row(index + 1)}>
          <header>
            <span className="quiet-heading">{words.form.row(index + 1)}</span>
            {remove ? <RemoveRow index={index} remove={remove} /> : null}
          </header>
          <KnownOfRow columns={known} row={row} around={inside(pointer, index)} />
          <LevelFields level={level} data={row} around={inside(pointer, index)} writable />
        </section>
      ))}
      <RowsTotals field={field} rows={rows} />
    </>
  );
}

/** What of a row stands already, in few lines. */
function KnownOfRow({ columns, row, around }: { columns: Field[]; row: JsonObject; around: string }) {
  const text = useText();
  const [lead, ...others] = filled(columns, row);
  if (!lead) return null;
  const read = (column: Field) => (
    <ReadValue field={column} value={row[column.name]} pointer={inside(around, column.name)} />
  );
  return (
    <div className="row-known">
      <div className="row-lead">{read(lead)}</div>
      <dl>
        {others.map((column) => (
          <div key={column.name}>
            <dt>{text(column.title)}</dt>
            <dd>{read(column)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function RowTable({ field, level, rows, pointer, remove }: RowsProps) {
  const words = useWords();
  const text = useText();
  const { access } = useFormParts();
  const columns = columnsOf(field, access);
  return (
    <div className="table-scroll">
      <table className="rows-table editing">
        <thead>
          <tr>
            <th className="index" aria-hidden="true" />
            {columns.map((column) => (
              <th key={column.name} className={columnClass(column)} scope="col">
                {text(column.title)}
                {column.required && writes(access(column)) ? (
                  <span className="star" aria-hidden="true">
                    {' '}
                    *
                  </span>
                ) : null}
                {column.unit ? <span className="soft small">{words.common.paren(text(column.unit))}</span> : null}
              </th>
            ))}
            {remove ? (
              <th className="index">
                <span className="visually-hidden">{words.form.remove}</span>
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={inside(pointer, index)}>
              <td className="index number">{index + 1}</td>
              <RowCells level={level} columns={columns} row={row} index={index} around={inside(pointer, index)} />
              {remove ? (
                <td className="index">
                  <RemoveRow index={index} remove={remove} />
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
        <RowsTotals field={field} rows={rows} columns={columns} before={1} after={remove ? 1 : 0} />
      </table>
    </div>
  );
}

function RowCells(props: { level: Level; columns: Field[]; row: JsonObject; index: number; around: string }) {
  const { level, columns, row, index, around } = props;
  const { access } = useFormParts();
  const settled = settle(level, row, access);
  return columns.map((column) => (
    <td key={column.name} className={isNumeric(column) ? 'figure' : ''}>
      {settled.fields.includes(column) ? (
        <Cell
          field={column}
          value={column.computed === null ? row[column.name] : settled.data[column.name]}
          pointer={inside(around, column.name)}
          index={index}
        />
      ) : null}
    </td>
  ));
}

function Cell({
  field,
  value,
  pointer,
  index,
}: {
  field: Field;
  value: Json | undefined;
  pointer: string;
  index: number;
}) {
  const words = useWords();
  const text = useText();
  const { access, set, touch, prefix } = useFormParts();
  const error = useError(pointer);
  const id = controlId(prefix, pointer);
  if (!writes(access(field))) return <ReadValue field={field} value={value} pointer={pointer} />;
  const Control = cellWidgetFor(field).component;
  const control = {
    id,
    'aria-label': `${words.form.row(index + 1)} ${text(field.title)}`,
    'aria-invalid': error !== undefined,
    'aria-describedby': error ? `${id}-error` : undefined,
    'aria-required': field.required,
  };
  // The unit stands in the head of the column.
  return (
    <div className="field">
      <Control
        field={{ ...field, unit: null }}
        value={value}
        control={control}
        change={(next) => set(pointer, next)}
        leave={() => touch(pointer)}
      />
      {error ? (
        <div className="error" id={`${id}-error`}>
          {error}
        </div>
      ) : null}
    </div>
  );
}

function RemoveRow({ index, remove }: { index: number; remove: (index: number) => void }) {
  const words = useWords();
  return (
    <Button
      type="text"
      size="small"
      icon={<DeleteOutlined />}
      aria-label={words.form.removeRow(index + 1)}
      onClick={() => remove(index)}
    />
  );
}

/** How wide a column is depends on what is typed into it. */
function columnClass(column: Field): string {
  if (isNumeric(column)) return 'figure';
  return `col-${column.choices ? 'choice' : column.kind.kind}`;
}
