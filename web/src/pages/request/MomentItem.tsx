import { CaretDownOutlined, CaretRightOutlined } from '@ant-design/icons';
import { useId, useState } from 'react';
import type { TimelineEntry } from '../../api/types.ts';
import type { Field } from '../../forms/model.ts';
import { Avatar } from '../../ui/People.tsx';
import { useText, useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';
import { Changes } from './Changes.tsx';
import { alike, wasDone, type Moment } from './story.ts';

const LOOKS: Record<string, string> = {
  approved: 'good',
  filled: 'good',
  ended: 'good',
  incident_closed: 'good',
  rejected: 'bad',
  returned: 'warning',
  overdue: 'warning',
  escalated: 'warning',
  warned: 'warning',
  signatures_cleared: 'warning',
  incident_opened: 'bad',
};

/** One moment of the story: who did what, what they wrote and changed, and folded behind it what followed. */
export function MomentItem({ moment, fields }: { moment: Moment; fields: Map<string, Field> }) {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  const { lead, changes, then } = moment;
  const actor = wasDone(lead) ? lead.actor.person : undefined;
  return (
    <li className={LOOKS[lead.kind] ?? ''}>
      {actor ? <Avatar name={actor.name} small /> : <span className="machine-dot" aria-hidden="true" />}
      <div>
        <div className="timeline-line">
          <span>
            {actor ? <strong>{actor.name} </strong> : null}
            {lead.acts_for ? <span className="acts-for">{words.act.standsFor(lead.acts_for.name)} </span> : null}
            {text(lead.text)}
          </span>
          <time className="soft small" dateTime={lead.at}>
            {formats.time(lead.at)}
          </time>
        </div>
        <Where entry={lead} />
        {lead.comment ? <blockquote>{lead.comment}</blockquote> : null}
        {lead.minutes ? (
          <blockquote>
            {words.vote.minutes}
            {words.common.colon}
            {lead.minutes}
          </blockquote>
        ) : null}
        {changes.length > 0 ? <Changes changes={changes} fields={fields} /> : null}
        {then.length > 0 ? <Then entries={then} /> : null}
      </div>
    </li>
  );
}

/** At which step, and why. */
function Where({ entry }: { entry: TimelineEntry }) {
  const text = useText();
  const parts = [entry.step_title, entry.reason].flatMap((part) => (part ? [text(part)] : []));
  return parts.length === 0 ? null : <div className="soft small">{parts.join(' · ')}</div>;
}

/** What followed by itself, in one line; unfolded, each with its step and its reason. */
function Then({ entries }: { entries: TimelineEntry[] }) {
  const words = useWords();
  const text = useText();
  const id = useId();
  const [open, setOpen] = useState(false);
  const lines = alike(entries).map((group) => {
    const [first] = group;
    const steps = group.flatMap((entry) => (entry.step_title ? [text(entry.step_title)] : []));
    const named = first?.kind === 'machine_done' && steps.length > 0;
    return (first ? text(first.text) : '') + (named ? words.common.colon + steps.join(words.common.join) : '');
  });
  return (
    <div className="then">
      <button type="button" className="plain" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        {open ? <CaretDownOutlined /> : <CaretRightOutlined />}
        <span>{lines.join(words.common.apart)}</span>
      </button>
      <ul id={id} hidden={!open}>
        {entries.map((entry) => (
          <li key={entry.number}>
            {text(entry.text)}
            <Where entry={entry} />
          </li>
        ))}
      </ul>
    </div>
  );
}
