import { useMemo } from 'react';
import type { FieldChange, Instance, TimelineEntry } from '../../api/types.ts';
import { readForm } from '../../forms/read.ts';
import { Avatar } from '../../ui/People.tsx';
import { useText, useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';
import { rowChanges } from './row-changes.ts';
import '../../styles/timeline.css';

const LOOKS: Record<string, string> = {
  approved: 'good',
  filled: 'good',
  ended: 'good',
  rejected: 'bad',
  returned: 'warning',
  overdue: 'warning',
  incident_opened: 'bad',
};

/** What follows from somebody's act, and is not done by them. */
const CONSEQUENCES = ['task_opened', 'skipped', 'machine_done', 'ended', 'overdue', 'incident_opened'];

/** What happened, newest first, with reasons and changed fields. */
export function Timeline({ instance }: { instance: Instance }) {
  const words = useWords();
  const { timeline, form } = instance;
  const rows = useMemo(() => {
    const fields = readForm(form.schema).root.fields.filter((field) => field.kind.kind === 'rows');
    return new Set(fields.map((field) => `/${field.name}`));
  }, [form.schema]);
  return (
    <section className="card">
      <h2>{words.request.timeline}</h2>
      {timeline.length === 0 ? <p className="soft">{words.request.noTimeline}</p> : null}
      <ol className="timeline">
        {[...timeline].reverse().map((entry) => (
          <Entry key={entry.number} entry={entry} rows={rows} />
        ))}
      </ol>
    </section>
  );
}

function Entry({ entry, rows }: { entry: TimelineEntry; rows: Set<string> }) {
  const text = useText();
  const formats = useFormats();
  const actor = CONSEQUENCES.includes(entry.kind) ? undefined : entry.actor.person;
  const step = entry.step_title ? text(entry.step_title) : null;
  return (
    <li className={LOOKS[entry.kind] ?? ''}>
      {actor ? <Avatar name={actor.name} small /> : <span className="machine-dot" aria-hidden="true" />}
      <div>
        <div className="timeline-line">
          <span>
            {actor ? <strong>{actor.name} </strong> : null}
            {text(entry.text)}
          </span>
          <time className="soft small" dateTime={entry.at}>
            {formats.time(entry.at)}
          </time>
        </div>
        {step || entry.reason ? (
          <div className="soft small">
            {[step, entry.reason ? text(entry.reason) : null].filter((part) => part !== null).join(' · ')}
          </div>
        ) : null}
        {entry.comment ? <blockquote>{entry.comment}</blockquote> : null}
        {entry.changes && entry.changes.length > 0 ? <Changes changes={entry.changes} rows={rows} /> : null}
      </div>
    </li>
  );
}

function Changes({ changes, rows }: { changes: FieldChange[]; rows: Set<string> }) {
  const text = useText();
  return (
    <dl className="changes">
      {changes.map((change) => (
        <div key={change.pointer}>
          <dt>{text(change.title)}</dt>
          {rows.has(change.pointer) ? <RowsChange change={change} /> : <Change {...change} />}
        </div>
      ))}
    </dl>
  );
}

function RowsChange({ change }: { change: FieldChange }) {
  const words = useWords();
  const between = words.common.between;
  return rowChanges(change.before, change.after).map(({ row, before, after }) => (
    <Change key={row} lead={words.form.row(row)} before={before.join(between)} after={after.join(between)} />
  ));
}

function Change({ lead, before, after }: { lead?: string; before: string; after: string }) {
  const words = useWords();
  return (
    <dd>
      {lead ? <span className="soft">{lead} </span> : null}
      {lead && before === '' ? null : (
        <>
          <del aria-label={words.request.before}>{before || words.request.blank}</del>
          <span aria-hidden="true"> → </span>
        </>
      )}
      <ins aria-label={words.request.after}>{after || words.request.blank}</ins>
    </dd>
  );
}
