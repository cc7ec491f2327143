import { ClockCircleOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { TaskSummary } from '../../api/types.ts';
import { FigureText } from '../../ui/FigureText.tsx';
import { useText, useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';

interface Props {
  task: TaskSummary;
  chosen: boolean;
  /** Shows it beside the list; without this, the card leads to its own page. */
  choose?: () => void;
}

/** One task in the list: what it is about, from whom, until when. */
export function TaskCard({ task, chosen, choose }: Props) {
  const body = <CardBody task={task} />;
  const place = useRef<HTMLLIElement>(null);
  // By keyboard one walks past what is in view.
  useEffect(() => {
    if (chosen) place.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <li ref={place}>
      {choose ? (
        <button
          type="button"
          className={chosen ? 'plain task-card chosen' : 'plain task-card'}
          aria-current={chosen}
          onClick={choose}
        >
          {body}
        </button>
      ) : (
        <Link to="/requests/$id" params={{ id: task.instance }} search={{ task: task.task }} className="task-card">
          {body}
        </Link>
      )}
    </li>
  );
}

function CardBody({ task }: { task: TaskSummary }) {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  const [first, ...others] = task.highlights;
  const about = task.subject && task.subject.id !== task.initiator.id ? words.inbox.about(task.subject.name) : null;
  return (
    <>
      <div className="task-line">
        <strong>
          {task.initiator.name}
          <span className="dot">·</span>
          {text(task.flow_title)}
        </strong>
        <time className="soft small" dateTime={task.closed_at ?? task.opened_at}>
          {formats.ago(task.closed_at ?? task.opened_at)}
        </time>
      </div>
      {first ? (
        <div className="task-main">
          <span className="task-value number">
            <FigureText figure={first} />
          </span>
          {others.slice(0, 2).map((highlight) => (
            <span key={highlight.title.zh} className="soft">
              <FigureText figure={highlight} />
            </span>
          ))}
          {task.period ? <span className="soft small task-period">{formats.period(task.period)}</span> : null}
        </div>
      ) : null}
      <div className="task-foot">
        <span className="task-step">
          {task.acts_for ? <span className="acts-for">{words.act.actsFor(task.acts_for.name)} · </span> : null}
          {task.acted_by && !task.acts_for ? <span>{words.act.actedBy(task.acted_by.name)} · </span> : null}
          {text(task.step_title)}
          {about ? ` · ${about}` : ''}
          {!first && task.period ? ` · ${formats.period(task.period)}` : ''}
        </span>
        {task.outcome ? <span className="pill">{text(task.outcome)}</span> : <Due task={task} />}
      </div>
    </>
  );
}

function Due({ task }: { task: TaskSummary }) {
  const words = useWords();
  const formats = useFormats();
  if (task.no_calendar_year) return <span className="pill warning">{words.time.noCalendar(task.no_calendar_year)}</span>;
  if (!task.due_at) return null;
  if (task.overdue) return <span className="pill bad">{formats.lateness(task.due_at)}</span>;
  return (
    <span className="pill">
      <ClockCircleOutlined />
      {formats.due(task.due_at)}
    </span>
  );
}
