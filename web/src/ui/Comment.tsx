import { Field } from './Field.tsx';
import { GrowingText } from './GrowingText.tsx';

interface Props {
  label: string;
  value: string;
  change: (text: string) => void;
  placeholder?: string;
  required?: boolean;
  error?: string | undefined;
  hint?: string;
}

/** A few sentences to go with a decision. */
export function CommentField({ label, value, change, placeholder, required = false, error, hint }: Props) {
  return (
    <Field label={label} required={required} error={error} hint={hint}>
      {(control) => (
        <GrowingText
          {...control}
          value={value}
          placeholder={placeholder}
          status={error ? 'error' : ''}
          rowsMin={3}
          rowsMax={8}
          maxLength={2000}
          onChange={(event) => change(event.target.value)}
        />
      )}
    </Field>
  );
}
