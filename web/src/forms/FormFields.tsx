import { useMemo, type ReactNode } from 'react';
import type { Json, JsonObject } from '../api/types.ts';
import { Field as Labelled } from '../ui/Field.tsx';
import { useText, useWords } from '../words/index.ts';
import { writes } from './access.ts';
import { fieldIsWritable } from './writable.ts';
import { controlId, FormContext, useFormParts, type FormParts } from './context.ts';
import { isObject, type Field, type Level } from './model.ts';
import { inside } from './pointer.ts';
import { ReadValue } from './ReadValue.tsx';
import { RowsEditor } from './RowsEditor.tsx';
import { settle } from './settle.ts';
import type { FormState } from './state.ts';
import { widgetFor } from './widgets/registry.ts';
import '../styles/form.css';

interface FormFieldsProps {
  state: FormState;
  prefix: string;
  /** Shows only what can be written; the rest is read elsewhere. */
  writable?: boolean;
}

/** The fields of a form that somebody fills, each as their rights allow. */
export function FormFields({ state, prefix, writable = false }: FormFieldsProps) {
  const { access, masked, set, touch, errorAt, missed } = state;
  const parts = useMemo<FormParts>(
    () => ({ access, masked, set, touch, errorAt, missed, prefix }),
    [access, masked, set, touch, errorAt, missed, prefix],
  );
  return (
    <FormContext.Provider value={parts}>
      <LevelFields level={state.model.root} data={state.data} around="" writable={writable} />
    </FormContext.Provider>
  );
}

/** The fields of one level that exist now. */
export function LevelFields({
  level,
  data,
  around,
  writable = false,
}: {
  level: Level;
  data: JsonObject;
  around: string;
  writable?: boolean;
}) {
  const { access } = useFormParts();
  const settled = useMemo(() => settle(level, data, access), [level, data, access]);
  const wanted = useMemo(() => new Set(settled.demands.flatMap((branch) => branch.required)), [settled]);
  return (
    <div className="form-grid">
      {settled.fields
        .filter((field) => !writable || fieldIsWritable(field, access))
        .map((field) => (
          <FieldSlot
            key={field.name}
            field={field}
            value={field.computed === null ? data[field.name] : settled.data[field.name]}
            pointer={inside(around, field.name)}
            required={field.required || wanted.has(field.name)}
          />
        ))}
    </div>
  );
}

interface SlotProps {
  field: Field;
  value: Json | undefined;
  pointer: string;
  required: boolean;
}

function FieldSlot({ field, value, pointer, required }: SlotProps) {
  const { access } = useFormParts();
  if (field.kind.kind === 'group')
    return <GroupSlot field={field} level={field.kind.level} value={value} pointer={pointer} />;
  if (
    field.kind.kind === 'rows' &&
    (writes(access(field)) || field.kind.level.fields.some((column) => writes(access(column))))
  ) {
    return <RowsSlot field={field} value={value} pointer={pointer} required={required} />;
  }
  if (!writes(access(field))) return <ReadSlot field={field} value={value} pointer={pointer} />;
  return <EditSlot field={field} value={value} pointer={pointer} required={required || access(field) === 'required'} />;
}

function EditSlot({ field, value, pointer, required }: SlotProps) {
  const text = useText();
  const { set, touch, prefix } = useFormParts();
  const error = useError(pointer);
  const widget = widgetFor(field);
  const Control = widget.component;
  return (
    <div className={widget.wide ? 'slot wide' : 'slot'}>
      <Labelled
        id={controlId(prefix, pointer)}
        label={text(field.title)}
        required={required}
        hint={field.description ? text(field.description) : undefined}
        error={error}
        group={widget.group ?? false}
      >
        {(control) => (
          <Control
            field={field}
            value={value}
            control={control}
            change={(next) => set(pointer, next)}
            leave={() => touch(pointer)}
          />
        )}
      </Labelled>
    </div>
  );
}

function ReadSlot({ field, value, pointer }: Omit<SlotProps, 'required'>) {
  const words = useWords();
  const { missed, prefix } = useFormParts();
  const text = useText();
  const error = useError(pointer);
  const wide = field.kind.kind === 'rows' || (field.choices === null && widgetFor(field).wide);
  return (
    <div className={wide ? 'slot wide' : 'slot'} id={controlId(prefix, pointer)} tabIndex={-1}>
      <div className={error ? 'field wrong' : 'field'}>
        <div className="label">
          {text(field.title)}
          {field.computed === null ? null : <span className="soft small">{words.form.computed}</span>}
          {field.lookedUp ? <span className="soft small">{words.form.lookedUp}</span> : null}
        </div>
        <div className="read" aria-live={field.lookedUp ? 'polite' : undefined}>
          {missed(pointer) ? (
            <span className="blank">{words.form.lookedUpNothing}</span>
          ) : (
            <ReadValue field={field} value={value} pointer={pointer} />
          )}
        </div>
        {error ? <div className="error">{error}</div> : null}
      </div>
    </div>
  );
}

function GroupSlot({
  field,
  level,
  value,
  pointer,
}: {
  field: Field;
  level: Level;
  value: Json | undefined;
  pointer: string;
}) {
  const text = useText();
  return (
    <fieldset className="slot wide group">
      <legend>{text(field.title)}</legend>
      {field.description ? <p className="soft small">{text(field.description)}</p> : null}
      <LevelFields level={level} data={isObject(value) ? value : {}} around={pointer} />
    </fieldset>
  );
}

function RowsSlot({ field, value, pointer, required }: SlotProps): ReactNode {
  const text = useText();
  const { prefix } = useFormParts();
  const error = useError(pointer);
  if (field.kind.kind !== 'rows') return null;
  return (
    <div className="slot wide">
      <Labelled
        id={controlId(prefix, pointer)}
        label={text(field.title)}
        required={required}
        hint={field.description ? text(field.description) : undefined}
        error={error}
        group
      >
        {(control) => (
          <RowsEditor field={field} value={Array.isArray(value) ? value : []} pointer={pointer} control={control} />
        )}
      </Labelled>
    </div>
  );
}

/** The error at a pointer in the reader's language. */
export function useError(pointer: string): string | undefined {
  const text = useText();
  const error = useFormParts().errorAt(pointer);
  return typeof error === 'object' ? text(error) : error;
}
