import {
  CheckCircleFilled,
  ClockCircleOutlined,
  CloseCircleFilled,
  ExclamationCircleFilled,
  MinusCircleOutlined,
  PlayCircleFilled,
  RollbackOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import type { RouteChoice, RouteNode, RoutePerson, RouteStep, StepState } from '../api/types.ts';
import { useText, useWords } from '../words/index.ts';
import { useFormats } from '../words/use-formats.ts';
import '../styles/route.css';

const MARKS: Record<StepState, ReactNode> = {
  done: <CheckCircleFilled />,
  open: <PlayCircleFilled />,
  waiting: <ClockCircleOutlined />,
  skipped: <MinusCircleOutlined />,
  rejected: <CloseCircleFilled />,
  returned: <RollbackOutlined />,
  failed: <ExclamationCircleFilled />,
};

/** The way of a request from top to bottom: every step with its people, their answers and why it is them. */
export function RouteList({ route }: { route: RouteNode[] }) {
  return (
    <ol className="route">
      {route.map((node, index) =>
        node.type === 'step' ? (
          <Step key={`${index} ${node.step}`} step={node} />
        ) : (
          <Choice key={`${index} choose`} choice={node} />
        ),
      )}
    </ol>
  );
}

/** Tells whether a step waits for somebody and nobody would be found. */
export function hasNobody(node: RouteNode): boolean {
  if (node.type === 'choose')
    return node.branches.some((branch) => branch.taken !== false && branch.nodes.some(hasNobody));
  const human = node.kind === 'approve' || node.kind === 'fill';
  return human && node.people.length === 0 && node.state !== 'skipped' && node.state !== 'done';
}

function Step({ step }: { step: RouteStep }) {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  const nobody = hasNobody(step);
  const people = step.people.filter((entry) => entry.state !== 'cancelled');
  const several =
    step.people.length > 1 && step.decide !== undefined && (step.state === 'open' || step.state === 'waiting');
  return (
    <li className={`route-step ${step.state}${nobody ? ' nobody' : ''}`}>
      <span className="route-mark" title={words.step.state[step.state]}>
        {MARKS[step.state]}
        <span className="visually-hidden">{words.step.state[step.state]}</span>
      </span>
      <div className="route-body">
        <div className="route-title">
          <strong>{text(step.title)}</strong>
          {step.round !== undefined && step.round > 1 ? (
            <span className="pill">{words.request.round(step.round)}</span>
          ) : null}
          {step.overdue ? <span className="pill bad">{words.inbox.overdue}</span> : null}
        </div>
        {several && step.decide ? <div className="soft small">
            {step.kind === 'fill' ? words.step.fillers[step.decide] : words.step.decide[step.decide]}
          </div> : null}
        {people.map((entry) => (
          <PersonLine key={`${entry.person.id} ${entry.state}`} entry={entry} />
        ))}
        {nobody ? <div className="route-nobody">{step.reason ? text(step.reason) : words.step.nobody}</div> : null}
        {!nobody && step.reason ? <div className="soft small">{text(step.reason)}</div> : null}
        {step.state === 'open' && step.no_calendar_year ? (
          <div className="route-nobody">{words.time.noCalendar(step.no_calendar_year)}</div>
        ) : null}
        {step.state === 'open' && step.due_at ? <div className="soft small">{formats.due(step.due_at)}</div> : null}
        {people.length === 0 && !nobody && step.closed_at ? (
          <div className="soft small">{formats.time(step.closed_at)}</div>
        ) : null}
        {people.length === 0 && !nobody && step.state === 'waiting' ? (
          <div className="soft small">{words.step.kind[step.kind]}</div>
        ) : null}
      </div>
    </li>
  );
}

function PersonLine({ entry }: { entry: RoutePerson }) {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  const quiet = entry.state === 'expected';
  return (
    <div className="route-person">
      <span>
        {entry.person.name}
        {quiet ? null : <span className={`state ${entry.state}`}>{words.step.person[entry.state]}</span>}
      </span>
      <span className="soft small">{entry.at ? formats.time(entry.at) : text(entry.reason)}</span>
      {entry.comment ? <blockquote>{entry.comment}</blockquote> : null}
    </div>
  );
}

function Choice({ choice }: { choice: RouteChoice }) {
  const words = useWords();
  const text = useText();
  const branches = choice.branches.filter((branch) => branch.nodes.length > 0);
  const stuck = choice.state === 'failed';
  const failed = stuck ? (
    <li className="route-step failed">
      <span className="route-mark" title={words.step.state.failed}>
        {MARKS.failed}
        <span className="visually-hidden">{words.step.state.failed}</span>
      </span>
      <div className="route-body">
        <div className="route-title">
          <strong>{words.step.choiceFailed}</strong>
        </div>
        {choice.reason ? <div className="route-nobody">{text(choice.reason)}</div> : null}
      </div>
    </li>
  ) : null;
  const taken = branches.map((branch) => (
    <li key={branch.label.zh} className={branch.taken === false ? 'route-branch not-taken' : 'route-branch'}>
      <div className="branch-label">
        {text(branch.label)}
        {branch.taken === false ? <span>{words.step.notTaken}</span> : null}
        {branch.taken === null && !stuck ? <span>{words.step.undecided}</span> : null}
      </div>
      {branch.taken === false ? null : <RouteList route={branch.nodes} />}
    </li>
  ));
  return (
    <>
      {failed}
      {taken}
    </>
  );
}
