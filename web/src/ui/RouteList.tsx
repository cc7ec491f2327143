import {
  CaretDownOutlined,
  CaretRightOutlined,
  CheckCircleFilled,
  ClockCircleOutlined,
  CloseCircleFilled,
  CloseCircleOutlined,
  ExclamationCircleFilled,
  MinusCircleOutlined,
  PlayCircleFilled,
  RollbackOutlined,
} from '@ant-design/icons';
import { useState, type ReactNode } from 'react';
import type { RouteChoice, RouteEach, RouteLane, RouteNode, RouteParallel, RoutePerson, RouteStep, StepKind, StepState } from '../api/types.ts';
import { useText, useWords } from '../words/index.ts';
import { useFormats } from '../words/use-formats.ts';
import { stateOf } from './lanes.ts';
import { NoCalendar } from './NoCalendar.tsx';
import '../styles/route.css';

const MARKS: Record<StepState, ReactNode> = {
  done: <CheckCircleFilled />,
  open: <PlayCircleFilled />,
  waiting: <ClockCircleOutlined />,
  skipped: <MinusCircleOutlined />,
  declined: <CloseCircleOutlined />,
  rejected: <CloseCircleFilled />,
  returned: <RollbackOutlined />,
  failed: <ExclamationCircleFilled />,
};

/** The way of a request from top to bottom: every step with its people, their answers and why it is them. */
export function RouteList({ route }: { route: RouteNode[] }) {
  return (
    <ol className="route">
      {route.map((node, index) => {
        if (node.type === 'step') return <Step key={`${index} ${node.step}`} step={node} />;
        if (node.type === 'choose') return <Choice key={`${index} choose`} choice={node} />;
        return <Lanes key={`${index} ${node.type}`} block={node} />;
      })}
    </ol>
  );
}

/** Tells whether a step waits for somebody and nobody would be found. */
export function hasNobody(node: RouteNode): boolean {
  if (node.type === 'choose')
    return node.branches.some((branch) => branch.taken !== false && branch.nodes.some(hasNobody));
  if (node.type !== 'step') return node.branches.some((branch) => branch.nodes.some(hasNobody));
  // What may never be come to names nobody, and nothing is wrong with that.
  return node.nobody === true || (HUMAN.includes(node.kind) && node.state === 'failed' && node.people.length === 0);
}

const HUMAN: StepKind[] = ['approve', 'fill', 'vote'];

function Step({ step }: { step: RouteStep }) {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  const nobody = hasNobody(step);
  const people = step.people.filter((entry) => entry.state !== 'cancelled');
  const asked = step.state === 'open' || step.state === 'waiting';
  const several = step.people.length > 1 && step.kind !== 'vote' && step.decide !== undefined && asked;
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
          {step.state === 'declined' ? <span className="pill">{words.step.state.declined}</span> : null}
          {step.overdue ? <span className="pill bad">{words.inbox.overdue}</span> : null}
        </div>
        {several && step.decide ? (
          <div className="soft small">
            {step.kind === 'fill' ? words.step.fillers[step.decide] : words.step.decide[step.decide]}
          </div>
        ) : null}
        {people.map((entry) => (
          <PersonLine key={`${entry.person.id} ${entry.state}`} entry={entry} />
        ))}
        {nobody ? <div className="route-nobody">{step.reason ? text(step.reason) : words.step.nobody}</div> : null}
        {!nobody && step.reason ? <div className="soft small">{text(step.reason)}</div> : null}
        {step.state === 'open' && step.no_calendar_year ? (
          <div className="route-nobody">
            <NoCalendar year={step.no_calendar_year} />
          </div>
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
        {entry.acted_by ? `${entry.acted_by.name} ${words.act.standsFor(entry.person.name)}` : entry.person.name}
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

/** Branches that are walked side by side, or the same steps for every item: each a fold with how it stands. */
function Lanes({ block }: { block: RouteParallel | RouteEach }) {
  const words = useWords();
  const each = block.type === 'each';
  const kind = each ? (block.one_by_one ? words.step.each.oneByOne : words.step.each.together) : words.step.parallel;
  return (
    <li className="route-lanes">
      <div className="branch-label">{kind}</div>
      {block.branches.length === 0 ? <p className="soft small">{words.step.noItems}</p> : null}
      <ul>
        {block.branches.map((lane, index) => (
          <Lane key={`${index} ${lane.label.zh}`} lane={lane} many={block.branches.length > MANY_LANES} />
        ))}
      </ul>
    </li>
  );
}

/** With more lanes than these, only those are unfolded in which something is to be done. */
const MANY_LANES = 4;

function Lane({ lane, many }: { lane: RouteLane; many: boolean }) {
  const words = useWords();
  const text = useText();
  const state = stateOf(lane.nodes);
  const [folded, setFolded] = useState<boolean>();
  const over = state === 'done' || state === 'skipped' || (many && state === 'waiting');
  const open = !(folded ?? over);
  return (
    <li className={`route-lane ${state}`}>
      <button type="button" className="plain" aria-expanded={open} onClick={() => setFolded(open)}>
        {open ? <CaretDownOutlined /> : <CaretRightOutlined />}
        <strong>{text(lane.label)}</strong>
        <span className="state">{words.step.state[state]}</span>
      </button>
      {open ? <RouteList route={lane.nodes} /> : null}
    </li>
  );
}
