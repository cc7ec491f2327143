import { useNavigate } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useState, type FormEvent } from 'react';
import { useWrite } from '../../api/use-write.ts';
import { changePassword } from '../../api/writes.ts';
import { Field } from '../../ui/Field.tsx';
import { Refused } from '../../ui/Refused.tsx';
import { toast } from '../../ui/toast.tsx';
import { useWords } from '../../words/index.ts';
import { NewPasswordFields, wrongWith } from './NewPassword.tsx';
import '../../styles/gate.css';

/** Changes one's own password. */
export function ChangePage() {
  const words = useWords();
  const navigate = useNavigate();
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState({ password: '', again: '' });
  const [tried, setTried] = useState(false);
  const write = useWrite(changePassword, {
    success: () => {
      toast.good(words.password.changed);
      void navigate({ to: '/me' });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (old === '' || Object.keys(wrongWith(fresh, words)).length > 0) return;
    write.once({ old, new: fresh.password });
  };
  return (
    <div className="page narrow">
      <div className="page-head">
        <h1>{words.password.title}</h1>
      </div>
      <form className="card stack plain-form" onSubmit={submit} noValidate>
        <Field label={words.password.old} error={tried && old === '' ? words.login.missing.password : undefined}>
          {(control) => (
            <Input.Password
              {...control}
              autoComplete="current-password"
              value={old}
              onChange={(event) => setOld(event.target.value)}
            />
          )}
        </Field>
        <NewPasswordFields value={fresh} change={setFresh} tried={tried} />
        <Refused error={write.error} />
        <div>
          <Button type="primary" htmlType="submit" loading={write.isPending}>
            {words.password.submit}
          </Button>
        </div>
      </form>
    </div>
  );
}
