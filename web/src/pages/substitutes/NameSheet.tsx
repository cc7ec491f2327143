import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Input, Select } from 'antd';
import { useState } from 'react';
import { keys } from '../../api/keys.ts';
import { sessionQuery } from '../../api/queries.ts';
import { nameSubstitute, type FlowTitle, type SubstituteWish, type Whose } from '../../api/substitutes.ts';
import { useWrite } from '../../api/use-write.ts';
import { PersonPicker } from '../../forms/widgets/people.tsx';
import { Field } from '../../ui/Field.tsx';
import { Refused } from '../../ui/Refused.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { toast } from '../../ui/toast.tsx';
import { useText, useWords } from '../../words/index.ts';

/** Asks who is to act, from when to when, in which flows. */
export function NameSheet({ of, flows, close }: { of: Whose; flows: FlowTitle[]; close: () => void }) {
  const words = useWords().substitutes;
  const text = useText();
  const client = useQueryClient();
  const me = useQuery({ ...sessionQuery, enabled: false }).data?.person.id;
  const [wish, setWish] = useState<SubstituteWish>({ person: '', flows: [] });
  const [tried, setTried] = useState(false);
  const write = useWrite((body: SubstituteWish, intent) => nameSubstitute(of, body, intent), {
    success: (now) => {
      client.setQueryData(keys.substitutes(of), now);
      toast.good(words.named);
      close();
    },
  });
  const missing = wish.person === '';
  const run = () => {
    setTried(true);
    if (!missing) write.once(wish);
  };
  const set = (change: Partial<SubstituteWish>) => setWish({ ...wish, ...change });
  const without = [of, me].flatMap((id) => id ?? []);
  return (
    <Sheet title={words.name} open close={close} confirm={{ label: words.confirm, run, busy: write.isPending }}>
      <div className="stack">
        <Field label={words.who} required error={tried && missing ? words.whoMissing : undefined}>
          {(control) => (
            <PersonPicker
              {...control}
              value={wish.person}
              without={without}
              change={(person) => set({ person: person ?? '' })}
              status={tried && missing ? 'error' : ''}
            />
          )}
        </Field>
        <Field label={words.from} hint={words.fromHint}>
          {(control) => (
            <Input
              {...control}
              type="date"
              value={wish.from ?? ''}
              onChange={(event) => set({ from: event.target.value || undefined })}
            />
          )}
        </Field>
        <Field label={words.until} hint={words.untilHint}>
          {(control) => (
            <Input
              {...control}
              type="date"
              value={wish.until ?? ''}
              onChange={(event) => set({ until: event.target.value || undefined })}
            />
          )}
        </Field>
        <Field label={words.flows} hint={words.flowsHint}>
          {(control) => (
            <Select
              {...control}
              mode="multiple"
              value={wish.flows}
              placeholder={words.allFlows}
              showSearch={{ optionFilterProp: 'label' }}
              options={flows.map(({ flow, title }) => ({ value: flow, label: text(title) }))}
              onChange={(chosen: string[]) => set({ flows: chosen })}
            />
          )}
        </Field>
        <Refused error={write.error} />
      </div>
    </Sheet>
  );
}
