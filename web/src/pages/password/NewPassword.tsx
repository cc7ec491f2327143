import { Input } from 'antd';
import { Field } from '../../ui/Field.tsx';
import { useWords, type Words } from '../../words/index.ts';

/** A new password, typed twice. */
export interface NewPassword {
  password: string;
  again: string;
}

const LENGTH_MIN = 12;

/** What is wrong with a new password, as far as the browser can tell. */
export function wrongWith({ password, again }: NewPassword, words: Words): { password?: string; again?: string } {
  return {
    ...([...password].length < LENGTH_MIN ? { password: words.password.short } : {}),
    ...(password !== again ? { again: words.password.different } : {}),
  };
}

interface Props {
  value: NewPassword;
  change: (value: NewPassword) => void;
  tried: boolean;
}

export function NewPasswordFields({ value, change, tried }: Props) {
  const words = useWords();
  const wrong = tried ? wrongWith(value, words) : {};
  return (
    <>
      <Field
        label={words.password.new}
        hint={wrong.password ? undefined : words.setup.passwordHint}
        error={wrong.password}
      >
        {(control) => (
          <Input.Password
            {...control}
            autoComplete="new-password"
            value={value.password}
            status={wrong.password ? 'error' : ''}
            onChange={(event) => change({ ...value, password: event.target.value })}
          />
        )}
      </Field>
      <Field label={words.password.again} error={wrong.again}>
        {(control) => (
          <Input.Password
            {...control}
            autoComplete="new-password"
            value={value.again}
            status={wrong.again ? 'error' : ''}
            onChange={(event) => change({ ...value, again: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}
