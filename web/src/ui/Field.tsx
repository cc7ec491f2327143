import { useId, type ReactNode } from 'react';

/** What a control needs in order to belong to its label, hint and error. */
export interface ControlProps {
  id: string;
  'aria-invalid': boolean;
  'aria-describedby': string | undefined;
  'aria-required': boolean;
  /** Where there is no label to see. */
  'aria-label'?: string;
}

interface FieldProps {
  label: ReactNode;
  required?: boolean;
  hint?: ReactNode;
  error?: string | undefined;
  id?: string;
  /** A control made of several has a caption instead of a label. */
  group?: boolean;
  children: (control: ControlProps) => ReactNode;
}

/** A labelled control with its hint and, when something is wrong, the error under it. */
export function Field({ label, required = false, hint, error, id: given, group = false, children }: FieldProps) {
  const own = useId();
  const id = given ?? own;
  const described = [error ? `${id}-error` : '', hint ? `${id}-hint` : ''].filter(Boolean).join(' ');
  const caption = (
    <>
      {label}
      {required ? (
        <span className="star" aria-hidden="true">
          *
        </span>
      ) : null}
    </>
  );
  const control = children({
    id,
    'aria-invalid': error !== undefined,
    'aria-describedby': described || undefined,
    'aria-required': required,
  });
  return (
    <div
      className={error ? 'field wrong' : 'field'}
      {...(group ? { role: 'group', 'aria-labelledby': `${id}-label` } : {})}
    >
      {group ? (
        <div className="label" id={`${id}-label`}>
          {caption}
        </div>
      ) : (
        <label htmlFor={id} id={`${id}-label`}>
          {caption}
        </label>
      )}
      {control}
      {error ? (
        <div className="error" id={`${id}-error`}>
          {error}
        </div>
      ) : null}
      {hint ? (
        <div className="hint" id={`${id}-hint`}>
          {hint}
        </div>
      ) : null}
    </div>
  );
}
