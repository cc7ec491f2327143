import { EllipsisOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { keys } from '../../api/keys.ts';
import type { AdminPerson } from '../../api/admin-types.ts';
import { useWrite } from '../../api/use-write.ts';
import { activate, deactivate, makeResetLink } from '../../api/writes.ts';
import { CommentField } from '../../ui/Comment.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { Refused } from '../../ui/Refused.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { useProblemText } from '../../ui/States.tsx';
import { toast } from '../../ui/toast.tsx';
import { useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';

/** What an administrator may do with an account. */
export function PersonActions({ person }: { person: AdminPerson }) {
  const words = useWords();
  const problem = useProblemText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const [link, setLink] = useState<{ link: string; expires_at: string } | null>(null);
  const refetch = () => void client.invalidateQueries({ queryKey: keys.admin });
  const toSubstitutes = () => void navigate({ to: '/admin/people/$id/substitutes', params: { id: person.id } });
  const failed = (error: Error) => toast.bad(problem(error));
  const reset = useWrite((_: null, intent) => makeResetLink(person.id, intent), { success: setLink, error: failed });
  const wake = useWrite((_: null, intent) => activate(person.id, intent), {
    success: () => {
      toast.good(words.admin.activated);
      refetch();
    },
    error: failed,
  });
  return (
    <>
      <Menu
        items={[
          ...(person.active && person.login
            ? [{ key: 'reset', label: words.admin.resetLink, run: () => reset.once(null) }]
            : []),
          ...(person.active ? [{ key: 'substitutes', label: words.substitutes.title, run: toSubstitutes }] : []),
          person.active
            ? { key: 'deactivate', label: words.admin.deactivate, danger: true, run: () => setAsking(true) }
            : { key: 'activate', label: words.admin.activate, run: () => wake.once(null) },
        ]}
      >
        <Button
          type="text"
          icon={<EllipsisOutlined />}
          aria-label={words.request.more}
          loading={reset.isPending || wake.isPending}
        />
      </Menu>
      {link ? <LinkSheet person={person} link={link} close={() => setLink(null)} /> : null}
      {asking ? <DeactivateSheet person={person} close={() => setAsking(false)} done={refetch} /> : null}
    </>
  );
}

/** Shows a reset link once; it is nowhere else. */
function LinkSheet({
  person,
  link,
  close,
}: {
  person: AdminPerson;
  link: { link: string; expires_at: string };
  close: () => void;
}) {
  const words = useWords();
  const formats = useFormats();
  const copy = () => {
    navigator.clipboard.writeText(link.link).then(
      () => toast.good(words.common.copied),
      () => {
        // Without TLS there is no clipboard; the link stands in the field, selected by a click.
      },
    );
  };
  return (
    <Sheet title={words.admin.resetLinkFor(person.name)} open close={close}>
      <div className="secret-link">
        <Input
          readOnly
          value={link.link}
          aria-label={words.admin.resetLink}
          onFocus={(event) => event.target.select()}
        />
        <Button type="primary" onClick={copy}>
          {words.common.copy}
        </Button>
      </div>
      <p className="soft">{words.admin.resetLinkHint(formats.time(link.expires_at))}</p>
    </Sheet>
  );
}

function DeactivateSheet({ person, close, done }: { person: AdminPerson; close: () => void; done: () => void }) {
  const words = useWords();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const write = useWrite((why: string, intent) => deactivate(person.id, why, intent), {
    success: () => {
      toast.good(words.admin.deactivated);
      done();
      close();
    },
  });
  const missing = reason.trim() === '';
  const run = () => {
    setTried(true);
    if (!missing) write.once(reason.trim());
  };
  return (
    <Sheet
      title={words.admin.deactivateAsk(person.name)}
      open
      close={close}
      confirm={{ label: words.admin.deactivate, run, busy: write.isPending, danger: true }}
    >
      <div className="stack">
        <p className="sheet-hint">{words.admin.deactivateHint}</p>
        <CommentField
          label={words.admin.deactivateReason}
          value={reason}
          change={setReason}
          required
          error={tried && missing ? words.request.reasonMissing : undefined}
        />
        <Refused error={write.error} />
      </div>
    </Sheet>
  );
}
