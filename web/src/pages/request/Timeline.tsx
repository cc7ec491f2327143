import type { FieldChange, TimelineEntry } from '../../api/types.ts';
import { Avatar } from '../../ui/People.tsx';
import { useText, useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';

const LOOKS: Record<string, string> = {
  approved: 'good',
  filled: 'good',
  ended: 'good',
  rejected: 'bad',
  returned: 'warning',
  overdue: 'warning',
  incident_opened: 'bad',
};

/** What happened, newest first, with reasons and changed fields. */
export function Timeline({ entries }: { entries: TimelineEntry[] }) {
  const words = useWords();
  return (
    <section className="card">
      <h2>{words.request.timeline}</h2>
      {entries.length === 0 ? <p className="soft">{words.request.noTimeline}</p> : null}
      <ol className="timeline">
        {[...entries].reverse().map((entry) => (
          <Entry key={entry.number} entry={entry} />
        ))}
      </ol>
    </section>
  );
}

function Entry({ entry }: { entry: TimelineEntry }) {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  const { actor } = entry;
  const name = actor.person?.name ?? (actor.kind === 'timer' ? words.request.timerActor : words.request.systemActor);
  return (
    <li className={LOOKS[entry.kind] ?? ''}>
      {actor.person ? <Avatar name={name} small /> : <span className="machine-dot" aria-hidden="true" />}
      <div>
        <div className="timeline-line">
          <span>
            <strong>{name}</strong> {text(entry.text)}
          </span>
          <time className="soft small" dateTime={entry.at}>
            {formats.time(entry.at)}
          </time>
        </div>
        {entry.step_title ? <div className="soft small">{text(entry.step_title)}</div> : null}
        {entry.comment ? <blockquote>{entry.comment}</blockquote> : null}
        {entry.reason ? <p className="soft small">{text(entry.reason)}</p> : null}
        {entry.changes && entry.changes.length > 0 ? <Changes changes={entry.changes} /> : null}
      </div>
    </li>
  );
}

function Changes({ changes }: { changes: FieldChange[] }) {
  const words = useWords();
  const text = useText();
  return (
    <dl className="changes">
      {changes.map((change) => (
        <div key={change.pointer}>
          <dt>{text(change.title)}</dt>
          <dd>
            <del aria-label={words.request.before}>{change.before || words.request.blank}</del>
            <span aria-hidden="true"> → </span>
            <ins aria-label={words.request.after}>{change.after || words.request.blank}</ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}
