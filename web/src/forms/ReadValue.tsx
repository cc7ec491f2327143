import { LockOutlined } from '@ant-design/icons';
import { Popover } from 'antd';
import type { ReactNode } from 'react';
import type { Json, JsonObject } from '../api/types.ts';
import { usePhone } from '../ui/use-phone.ts';
import { useText, useWords } from '../words/index.ts';
import { useLanguage } from '../words/language.ts';
import { useFormats } from '../words/use-formats.ts';
import { capital } from './capital.ts';
import { useFormParts } from './context.ts';
import { isBlank, isObject, type Field } from './model.ts';
import { inside } from './pointer.ts';
import { columnsOf, isNumeric, isWide } from './rows.ts';
import { RowsTotals } from './RowsTotals.tsx';
import { FileLink } from './widgets/files.tsx';
import { DepartmentName, PersonName } from './widgets/people.tsx';

interface Props {
  field: Field;
  value: Json | undefined;
  pointer: string;
}

/** A value as text to read; what may not be seen as a lock. */
export function ReadValue({ field, value, pointer }: Props): ReactNode {
  const words = useWords();
  const { access, masked } = useFormParts();
  if (access(field) === 'masked' || masked.includes(pointer)) return <Masked />;
  if (field.kind.kind === 'rows') return <RowsRead field={field} value={value} pointer={pointer} />;
  if (isBlank(value)) {
    return <span className="blank">{field.computed === null ? '—' : words.form.computedPending}</span>;
  }
  if (field.kind.kind === 'list') return <ListRead field={field} value={value} pointer={pointer} />;
  return <SingleRead field={field} value={value} pointer={pointer} />;
}

/** A value that this person may not see. */
export function Masked() {
  const words = useWords();
  return (
    <Popover content={<span className="popover-text">{words.form.maskedHint}</span>} trigger={['click', 'hover']}>
      <button type="button" className="plain masked">
        <LockOutlined /> {words.form.masked}
      </button>
    </Popover>
  );
}

function SingleRead({ field, value }: Props): ReactNode {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  const choice = field.choices?.find((candidate) => candidate.value === value);
  if (choice) return text(choice.label);
  const written = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const unit = field.unit ? ` ${text(field.unit)}` : '';
  switch (field.kind.kind) {
    case 'boolean':
      return value === true ? words.common.yes : words.common.no;
    case 'money':
      return <Amount amount={written} />;
    case 'decimal':
    case 'integer':
      return <span className="number">{formats.number(written) + unit}</span>;
    case 'date':
      return formats.date(written);
    case 'date-time':
      return formats.time(written);
    case 'period':
      return formats.period(written);
    case 'person':
      return <PersonName id={written} />;
    case 'department':
      return <DepartmentName id={written} />;
    case 'file':
      return <FileLink id={written} />;
    case 'paragraphs':
      return <span className="paragraphs">{written}</span>;
    case 'email':
      return <a href={`mailto:${written}`}>{written}</a>;
    default:
      return written + unit;
  }
}

/** An amount, with its capital numerals on hover as finance reads it. */
function Amount({ amount }: { amount: string }) {
  const formats = useFormats();
  const language = useLanguage();
  const words = language === 'zh' ? capital(amount) : null;
  return (
    <span className="amount number" title={words ?? undefined}>
      {formats.money(amount)}
    </span>
  );
}

function ListRead({ field, value, pointer }: Props): ReactNode {
  const words = useWords();
  if (field.kind.kind !== 'list' || !Array.isArray(value)) return null;
  const { item } = field.kind;
  const entries = value.map((entry, index) => (
    <SingleRead key={inside(pointer, index)} field={item} value={entry} pointer={inside(pointer, index)} />
  ));
  if (item.kind.kind === 'file') return <div className="files">{entries}</div>;
  return entries.map((entry, index) => (
    <span key={entry.key}>
      {index > 0 ? words.common.join : ''}
      {entry}
    </span>
  ));
}

/** The columns that hold something in a row. */
export function filled(columns: Field[], row: JsonObject | undefined): Field[] {
  return columns.filter((column) => !isBlank(row?.[column.name]));
}

function RowsRead({ field, value, pointer }: Props): ReactNode {
  const phone = usePhone();
  const words = useWords();
  const text = useText();
  const { access } = useFormParts();
  const rows = Array.isArray(value) ? value.map((row) => (isObject(row) ? row : {})) : [];
  if (rows.length === 0) return <span className="blank">{words.form.noRows}</span>;
  const columns = columnsOf(field, access).filter(
    (column) => access(column) !== 'readonly' || rows.some((row) => !isBlank(row[column.name])),
  );
  const cell = (column: Field, index: number) => (
    <ReadValue
      field={column}
      value={rows[index]?.[column.name]}
      pointer={inside(inside(pointer, index), column.name)}
    />
  );
  if (phone || isWide(columns)) {
    const [lead, ...others] = columns;
    return (
      <>
        <ol className="row-list">
          {rows.map((_, index) => (
            <li key={inside(pointer, index)}>
              <div className="row-lead">{lead ? cell(lead, index) : null}</div>
              <dl>
                {filled(others, rows[index]).map((column) => (
                  <div key={column.name}>
                    <dt>{text(column.title)}</dt>
                    <dd>{cell(column, index)}</dd>
                  </div>
                ))}
              </dl>
            </li>
          ))}
        </ol>
        <RowsTotals field={field} rows={rows} />
      </>
    );
  }
  return (
    <div className="table-scroll">
      <table className="rows-table">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col" className={isNumeric(column) ? 'figure' : ''}>
                {text(column.title)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((_, index) => (
            <tr key={inside(pointer, index)}>
              {columns.map((column) => (
                <td key={column.name} className={cellClass(column)}>
                  {cell(column, index)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        <RowsTotals field={field} rows={rows} columns={columns} />
      </table>
    </div>
  );
}

function cellClass(column: Field): string {
  if (isNumeric(column)) return 'figure';
  return column.choices !== null || ['date', 'period', 'person'].includes(column.kind.kind) ? 'short' : '';
}
