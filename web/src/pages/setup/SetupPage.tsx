import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useState, type FormEvent } from 'react';
import { keys } from '../../api/keys.ts';
import { setupQuery } from '../../api/queries.ts';
import { useWrite } from '../../api/use-write.ts';
import { setUp } from '../../api/writes.ts';
import { Field } from '../../ui/Field.tsx';
import { Gate } from '../../ui/Gate.tsx';
import { Refused } from '../../ui/Refused.tsx';
import { Await } from '../../ui/States.tsx';
import { useSecret } from '../../ui/use-secret.ts';
import { useWords, type Words } from '../../words/index.ts';

interface Entry {
  token: string;
  companyId: string;
  companyName: string;
  person: string;
  login: string;
  password: string;
}

const COMPANY_ID = /^[a-z][a-z0-9_-]{0,63}$/;
const PASSWORD_LENGTH_MIN = 12;

/** The first company and its first administrator, with the token from the console. */
export function SetupPage() {
  const words = useWords();
  const secret = useSecret();
  const query = useQuery(setupQuery);
  return (
    <Gate title={words.setup.title}>
      <Await query={query}>
        {({ needed }) =>
          needed ? (
            <SetupForm token={secret} />
          ) : (
            <>
              <p className="intro">{words.setup.done}</p>
              <Link to="/login" search={{}}>
                {words.setup.toLogin}
              </Link>
            </>
          )
        }
      </Await>
    </Gate>
  );
}

function SetupForm({ token }: { token: string }) {
  const words = useWords();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [entry, setEntry] = useState<Entry>({
    token,
    companyId: '',
    companyName: '',
    person: '',
    login: 'admin',
    password: '',
  });
  const [tried, setTried] = useState(false);
  const write = useWrite(setUp, {
    success: (session) => {
      client.clear();
      client.setQueryData(keys.session, session);
      void navigate({ to: '/inbox', search: {}, replace: true });
    },
  });
  const wrong = wrongIn(entry, words);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(wrong).length > 0) return;
    write.once({
      token: entry.token.trim(),
      company: { id: entry.companyId.trim(), name: entry.companyName.trim() },
      person: { name: entry.person.trim(), login: entry.login.trim(), password: entry.password },
    });
  };
  const field = (
    name: keyof Entry,
    label: string,
    more: { hint?: string; secret?: boolean; complete?: string } = {},
  ) => {
    const error = tried ? wrong[name] : undefined;
    const Control = more.secret ? Input.Password : Input;
    return (
      <Field label={label} hint={error ? undefined : more.hint} error={error}>
        {(control) => (
          <Control
            {...control}
            value={entry[name]}
            status={error ? 'error' : ''}
            autoComplete={more.complete ?? 'off'}
            spellCheck={false}
            onChange={(event) => setEntry({ ...entry, [name]: event.target.value })}
          />
        )}
      </Field>
    );
  };
  return (
    <form onSubmit={submit} noValidate>
      <p className="intro">{words.setup.intro}</p>
      {token ? null : field('token', words.setup.token)}
      {field('companyName', words.setup.companyName, { complete: 'organization' })}
      {field('companyId', words.setup.companyId, { hint: words.setup.companyIdHint })}
      {field('person', words.setup.person, { complete: 'name' })}
      {field('login', words.setup.login, { complete: 'username' })}
      {field('password', words.setup.password, {
        hint: words.setup.passwordHint,
        secret: true,
        complete: 'new-password',
      })}
      <Refused error={write.error} />
      <Button type="primary" htmlType="submit" size="large" block loading={write.isPending}>
        {words.setup.submit}
      </Button>
    </form>
  );
}

function wrongIn(entry: Entry, words: Words): Partial<Record<keyof Entry, string>> {
  const wrong: Partial<Record<keyof Entry, string>> = {};
  for (const name of Object.keys(entry) as (keyof Entry)[]) {
    if (entry[name].trim() === '') wrong[name] = words.setup.missing;
  }
  if (!wrong.companyId && !COMPANY_ID.test(entry.companyId.trim())) wrong.companyId = words.setup.companyIdBad;
  if (!wrong.password && [...entry.password].length < PASSWORD_LENGTH_MIN) wrong.password = words.password.short;
  return wrong;
}
