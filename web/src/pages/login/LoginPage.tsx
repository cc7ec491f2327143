import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useEffect, useState, type FormEvent } from 'react';
import { keys } from '../../api/keys.ts';
import { Problem } from '../../api/problem.ts';
import { setupQuery } from '../../api/queries.ts';
import { useWrite } from '../../api/use-write.ts';
import { logIn } from '../../api/writes.ts';
import { Field } from '../../ui/Field.tsx';
import { Gate } from '../../ui/Gate.tsx';
import { useProblemText } from '../../ui/States.tsx';
import { useWords, type Words } from '../../words/index.ts';
import { currentLanguage, languageWasChosen, recall, remember, setLanguage } from '../../words/language.ts';
import { keepLanguage } from '../me/account.ts';

const COMPANY = 'zhupi.company';

interface Entry {
  company: string;
  login: string;
  password: string;
}

/** Where a session starts. The company is remembered in this browser. */
export function LoginPage() {
  const words = useWords();
  const { to } = useSearch({ from: '/login' });
  const navigate = useNavigate();
  const client = useQueryClient();
  const setup = useQuery(setupQuery);
  const [entry, setEntry] = useState<Entry>({ company: recall(COMPANY) ?? '', login: '', password: '' });
  const [tried, setTried] = useState(false);
  const wait = useCountdown();
  const enter = async (body: Parameters<typeof logIn>[0], intent: string) => {
    const session = await logIn(body, intent);
    const language = currentLanguage();
    // Who chose a language in this browser goes on in it, also in what the server words.
    if (languageWasChosen() && session.language !== language) await keepLanguage(language);
    return session;
  };
  const write = useWrite(enter, {
    success: (session) => {
      remember(COMPANY, entry.company.trim());
      if (!languageWasChosen()) setLanguage(session.language);
      client.clear();
      client.setQueryData(keys.session, session);
      void navigate({ to: to ?? '/inbox', replace: true });
    },
    error: (error) => {
      if (error instanceof Problem && error.body.retry_after) wait.start(error.body.retry_after);
    },
  });

  const missing = missingIn(entry, words);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(missing).length > 0 || wait.seconds > 0) return;
    write.once({ ...entry, company: entry.company.trim(), login: entry.login.trim() });
  };
  const field = (name: keyof Entry) => ({
    value: entry[name],
    status: tried && missing[name] ? ('error' as const) : ('' as const),
    onChange: (event: { target: { value: string } }) => setEntry({ ...entry, [name]: event.target.value }),
  });
  const known = entry.company !== '';

  return (
    <Gate title={words.login.title}>
      {to ? <p className="intro">{words.login.expired}</p> : null}
      {setup.data?.needed ? <SetupHint /> : null}
      <form onSubmit={submit} noValidate>
        <Field
          label={words.login.company}
          hint={known ? undefined : words.login.companyHint}
          error={tried ? missing.company : undefined}
        >
          {(control) => (
            <Input
              {...control}
              {...field('company')}
              autoComplete="organization"
              autoCapitalize="none"
              spellCheck={false}
            />
          )}
        </Field>
        <Field label={words.login.login} error={tried ? missing.login : undefined}>
          {(control) => (
            <Input {...control} {...field('login')} autoComplete="username" autoCapitalize="none" spellCheck={false} />
          )}
        </Field>
        <Field label={words.login.password} error={tried ? missing.password : undefined}>
          {(control) => <Input.Password {...control} {...field('password')} autoComplete="current-password" />}
        </Field>
        <LoginProblem error={write.error} seconds={wait.seconds} />
        <Button
          type="primary"
          htmlType="submit"
          size="large"
          block
          loading={write.isPending}
          disabled={wait.seconds > 0}
        >
          {words.login.submit}
        </Button>
        <p className="soft small">{words.login.forgot}</p>
      </form>
    </Gate>
  );
}

function SetupHint() {
  const words = useWords();
  return (
    <p className="notice">
      <Link to="/setup">{words.setup.title}</Link>
    </p>
  );
}

function LoginProblem({ error, seconds }: { error: unknown; seconds: number }) {
  const words = useWords();
  const text = useProblemText();
  const tooMany = error instanceof Problem && error.code === 'too_many_attempts';
  if (!error || (tooMany && seconds === 0)) return <div aria-live="assertive" />;
  const failed = error instanceof Problem && error.code === 'login_failed';
  return (
    <div className="notice bad" role="alert">
      {tooMany ? words.login.tooMany(seconds) : failed ? words.login.failed : text(error)}
    </div>
  );
}

function missingIn(entry: Entry, words: Words): Partial<Entry> {
  return Object.fromEntries(
    (['company', 'login', 'password'] as const)
      .filter((name) => entry[name].trim() === '')
      .map((name) => [name, words.login.missing[name]]),
  );
}

/** Counts seconds down to zero. */
function useCountdown(): { seconds: number; start: (seconds: number) => void } {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (seconds <= 0) return;
    const timer = setTimeout(() => setSeconds(seconds - 1), 1_000);
    return () => clearTimeout(timer);
  }, [seconds]);
  return { seconds, start: (count) => setSeconds(Math.ceil(count)) };
}
