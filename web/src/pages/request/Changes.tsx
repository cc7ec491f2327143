import type { FieldChange } from '../../api/types.ts';
import { levelOf, type Field } from '../../forms/model.ts';
import { useText, useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';
import { rowChanges, type RowChange } from './row-changes.ts';

/** What a form said before and what it says now, field by field. */
export function Changes({ changes, fields }: { changes: FieldChange[]; fields: Map<string, Field> }) {
  const text = useText();
  return (
    <dl className="changes">
      {changes.map((change) => (
        <div key={change.pointer}>
          <dt>{text(change.title)}</dt>
          <FieldChanged change={change} field={fields.get(change.pointer)} />
        </div>
      ))}
    </dl>
  );
}

function FieldChanged({ change, field }: { change: FieldChange; field: Field | undefined }) {
  const level = field && levelOf(field.kind);
  const rows = level ? rowChanges(change.before, change.after, level.fields) : [];
  if (rows.length === 0) {
    return (
      <dd>
        <Change {...change} field={field} />
      </dd>
    );
  }
  const numbered = field?.kind.kind === 'rows';
  return rows.map((row) => <RowChanged key={`${row.kind} ${row.row}`} change={row} numbered={numbered} />);
}

function RowChanged({ change, numbered }: { change: RowChange; numbered: boolean }) {
  const words = useWords();
  const text = useText();
  const { row, kind, cells } = change;
  return (
    <dd className="row-change">
      {numbered ? (
        <span className="soft">
          {words.form.row(row)}
          {kind === 'changed' ? null : ` · ${words.request.rowChange[kind]}`}
        </span>
      ) : null}
      {cells.map(({ column, before, after }) => (
        <span key={column.name} className="cell">
          <span className="soft">{text(column.title)}</span>{' '}
          <Change field={column} before={before} after={after} removed={kind === 'removed'} />
        </span>
      ))}
    </dd>
  );
}

interface ChangeProps {
  field: Field | undefined;
  before: string;
  after: string;
  /** The whole row went; that its columns are empty now says nothing. */
  removed?: boolean;
}

/** What was never filled in before is not worth saying. */
function Change({ field, before, after, removed = false }: ChangeProps) {
  const words = useWords();
  const worded = useWorded(field);
  return (
    <>
      {before === '' ? null : (
        <del>
          <span className="visually-hidden">{words.request.before} </span>
          {worded(before)}
        </del>
      )}
      {before === '' || removed ? null : <span aria-hidden="true"> → </span>}
      {removed ? null : (
        <ins>
          {before === '' ? null : <span className="visually-hidden"> {words.request.after} </span>}
          {after === '' ? words.request.blank : worded(after)}
        </ins>
      )}
    </>
  );
}

/** The server words values as plain text; a field says how its values look elsewhere on the page. */
function useWorded(field: Field | undefined): (value: string) => string {
  const formats = useFormats();
  const text = useText();
  return (value) => {
    if (!field || field.choices) return value;
    const { kind } = field.kind;
    if (kind === 'date') return formats.date(value);
    if (kind === 'period' && /^\d{4}(-|$)/.test(value)) return formats.period(value);
    if (!/^-?[\d,]+(\.\d+)?$/.test(value)) return value;
    if (kind === 'money') return value.replace(/^-?/, '$&¥');
    return field.unit && (kind === 'decimal' || kind === 'integer') ? `${value} ${text(field.unit)}` : value;
  };
}
