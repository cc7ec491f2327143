import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState, type FormEvent } from 'react';
import { keys } from '../../api/keys.ts';
import { Problem } from '../../api/problem.ts';
import { resetQuery } from '../../api/queries.ts';
import { useWrite } from '../../api/use-write.ts';
import { resetPassword } from '../../api/writes.ts';
import type { ResetTarget } from '../../api/types.ts';
import { Gate } from '../../ui/Gate.tsx';
import { Refused } from '../../ui/Refused.tsx';
import { Await } from '../../ui/States.tsx';
import { useSecret } from '../../ui/use-secret.ts';
import { useWords } from '../../words/index.ts';
import { NewPasswordFields, wrongWith } from './NewPassword.tsx';

/** A new password by a link that works once. */
export function ResetPage() {
  const words = useWords();
  const token = useSecret();
  const query = useQuery({ ...resetQuery(token), enabled: token !== '' });
  const expired = token === '' || (query.error instanceof Problem && [404, 410].includes(query.error.status));
  return (
    <Gate title={expired ? words.password.expired : words.password.resetTitle}>
      {expired ? (
        <>
          <p className="intro">{words.password.expiredHint}</p>
          <Link to="/login" search={{}}>
            {words.setup.toLogin}
          </Link>
        </>
      ) : (
        <Await query={query}>{(target) => <ResetForm token={token} target={target} />}</Await>
      )}
    </Gate>
  );
}

function ResetForm({ token, target }: { token: string; target: ResetTarget }) {
  const words = useWords();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [fresh, setFresh] = useState({ password: '', again: '' });
  const [tried, setTried] = useState(false);
  const write = useWrite((password: string, intent) => resetPassword(token, password, intent), {
    success: (session) => {
      client.clear();
      client.setQueryData(keys.session, session);
      void navigate({ to: '/inbox', search: {}, replace: true });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(wrongWith(fresh, words)).length === 0) write.once(fresh.password);
  };
  return (
    <form onSubmit={submit} noValidate>
      <p className="intro">
        {words.password.resetFor(target.person.name, target.company.name)}
        <br />
        {words.password.login(target.login)}
      </p>
      <input type="text" hidden readOnly autoComplete="username" value={target.login} />
      <NewPasswordFields value={fresh} change={setFresh} tried={tried} />
      <Refused error={write.error} />
      <Button type="primary" htmlType="submit" size="large" block loading={write.isPending}>
        {words.password.submit}
      </Button>
    </form>
  );
}
