import { EllipsisOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import type { Instance, InstanceAction } from '../../api/types.ts';
import { Menu } from '../../ui/Menu.tsx';
import { StatusPill } from '../../ui/StatusPill.tsx';
import { useText, useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';
import { InstanceActionSheet } from './InstanceActionSheet.tsx';

/** What the request is, whose, since when, and where it stands. */
export function RequestHead({ instance }: { instance: Instance }) {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  const facts: [string, string][] = [
    [words.request.initiator, instance.initiator.name],
    ...(instance.subject && instance.subject.id !== instance.initiator.id
      ? [[words.request.subject, instance.subject.name] as [string, string]]
      : []),
    ...(instance.period ? [[words.request.period, formats.period(instance.period)] as [string, string]] : []),
    [words.request.started, formats.time(instance.started_at)],
    ...(instance.ended_at ? [[words.request.ended, formats.time(instance.ended_at)] as [string, string]] : []),
  ];
  return (
    <header className="request-head">
      <div className="request-title">
        <h1>{text(instance.title)}</h1>
        <StatusPill status={instance.status} text={text(instance.status_text)} />
        <span className="soft number request-number">{instance.number}</span>
        <MoreActions instance={instance} />
      </div>
      <dl className="request-facts">
        {facts.map(([title, value]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {instance.waiting.length > 0 ? (
        <p className="request-waiting">
          <span className="soft">{words.request.waitingFor}</span>{' '}
          {instance.waiting
            .map(
              (step) =>
                text(step.step_title) +
                words.common.paren(step.people.map((person) => person.name).join(words.common.join)),
            )
            .join(words.common.join)}
        </p>
      ) : null}
    </header>
  );
}

function MoreActions({ instance }: { instance: Instance }) {
  const words = useWords();
  const [chosen, setChosen] = useState<InstanceAction | null>(null);
  if (instance.actions.length === 0) return null;
  const labels: Record<InstanceAction, string> = {
    comment: words.request.comment,
    withdraw: words.request.withdraw,
    cancel: words.request.cancel,
  };
  return (
    <>
      <Menu
        items={instance.actions.map((action) => ({
          key: action,
          label: labels[action],
          danger: action === 'cancel',
          run: () => setChosen(action),
        }))}
      >
        <Button className="request-more" type="text" icon={<EllipsisOutlined />} aria-label={words.request.more} />
      </Menu>
      <InstanceActionSheet instance={instance.id} action={chosen} close={() => setChosen(null)} />
    </>
  );
}
