import { useId, useMemo } from 'react';
import type { ClientForm, Json, JsonObject } from '../api/types.ts';
import { useText } from '../words/index.ts';
import { accessIn, readonlyIn } from './access.ts';
import { FormContext, useFormParts, type FormParts } from './context.ts';
import { isBlank, isObject, type Field, type Level } from './model.ts';
import { inside } from './pointer.ts';
import { readForm } from './read.ts';
import { ReadValue } from './ReadValue.tsx';
import { settle } from './settle.ts';
import { fieldIsWritable } from './writable.ts';
import { widgetFor } from './widgets/registry.ts';
import '../styles/form.css';

interface FormViewProps {
  form: ClientForm;
  /** The reader fills in beside it what they may write; here it is shown once it says something. */
  filledBeside?: boolean;
}

/** A form to read: real text, no greyed inputs. */
export function FormView({ form, filledBeside = false }: FormViewProps) {
  const prefix = useId();
  const model = useMemo(() => readForm(form.schema), [form.schema]);
  const level = useMemo(() => {
    if (!filledBeside) return model.root;
    const access = accessIn(form);
    const fields = model.root.fields.filter((field) => !isBlank(form.data[field.name]) || !fieldIsWritable(field, access));
    return { ...model.root, fields };
  }, [model, form, filledBeside]);
  const parts = useMemo<FormParts>(
    () => ({
      access: readonlyIn(form),
      masked: form.masked,
      set: () => {},
      touch: () => {},
      errorAt: () => undefined,
      missed: () => false,
      prefix,
    }),
    [form, prefix],
  );
  return (
    <FormContext.Provider value={parts}>
      <LevelView level={level} data={form.data} around="" />
    </FormContext.Provider>
  );
}

function LevelView({ level, data, around }: { level: Level; data: JsonObject; around: string }) {
  const text = useText();
  const { access, masked } = useFormParts();
  const { fields } = settle(level, data, access);
  // An empty optional field tells a reader nothing.
  const shown = fields.filter(
    (field) =>
      field.required ||
      !isBlank(data[field.name]) ||
      access(field) === 'masked' ||
      masked.includes(inside(around, field.name)),
  );
  return (
    <dl className="facts">
      {shown.map((field) => (
        <div key={field.name} className={isWide(field, data[field.name]) ? 'fact wide' : 'fact'}>
          <dt>{text(field.title)}</dt>
          <dd>
            {field.kind.kind === 'group' ? (
              <LevelView
                level={field.kind.level}
                data={isObject(data[field.name]) ? (data[field.name] as JsonObject) : {}}
                around={inside(around, field.name)}
              />
            ) : (
              <ReadValue field={field} value={data[field.name]} pointer={inside(around, field.name)} />
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function isWide(field: Field, value: Json | undefined): boolean {
  if (field.kind.kind === 'rows' || field.kind.kind === 'group') return true;
  return (field.choices === null && widgetFor(field).wide === true) || (typeof value === 'string' && value.length > 40);
}
