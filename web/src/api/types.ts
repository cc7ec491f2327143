/** The shapes of the HTTP API, as the server sends them. Dates are `YYYY-MM-DD`, times RFC 3339 UTC, money decimal strings. */

import type { RouteNode, RoutePersonState } from './route-types';

export type * from './route-types';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** A text in both languages; Chinese is always there. */
export interface Text {
  zh: string;
  en?: string;
}

export interface Person {
  id: string;
  name: string;
}

export interface Page<Item> {
  items: Item[];
  next: string | null;
}

export type Language = 'zh' | 'en';
export type Duty = 'deploy' | 'people' | 'incidents' | 'audit' | 'cancel' | 'pilot';

export interface Session {
  person: Person;
  company: { id: string; name: Text };
  roles: { role: string; title: Text }[];
  can: Duty[];
  language: Language;
  time_zone: string;
  /** An example company of the demo. */
  demo?: boolean;
}

export interface SetupRequest {
  token: string;
  company: { id: string; name: string };
  person: { name: string; login: string; password: string };
}

export interface ResetTarget {
  person: { name: string };
  company: { id: string; name: string };
  login: string;
}

/** A form as one person may see it at one place: hidden fields are not in it, all others say their `x-access`. */
export interface ClientForm {
  schema: JsonObject;
  data: JsonObject;
  /** Pointers of values that are withheld. */
  masked: string[];
}

export interface FlowSummary {
  flow: string;
  title: Text;
  description?: Text;
}

export type PeriodKind = 'week' | 'month' | 'quarter' | 'year';

export interface Draft {
  body: DraftBody;
  /** Opaque; goes back in `If-Match`. */
  version: string;
}

/** What a person had typed; every part may be missing. */
export interface DraftBody {
  form?: JsonObject;
  data?: JsonObject;
  comment?: string;
  minutes?: string;
  period?: string;
}

export interface FlowStart {
  flow: string;
  title: Text;
  start_title: Text;
  form: ClientForm;
  period?: { kind: PeriodKind; suggested: string[] };
  draft?: Draft;
  route: RouteNode[];
  /** Records that the request may be about; none where the flow asks for none. */
  about?: { required: boolean; records: AboutRecord[] };
}

/** The record that a request is to be about. */
export interface About {
  fact: string;
  id: string;
}

/** A record that a request may be about, as it is offered. */
export interface AboutRecord extends About {
  title: Text;
  fields: Figure[];
  /** `2026-03-04 10:00`, in the company's time, as `until` is. */
  recorded_at: string;
  /** Until when it can be started; none where that is at any time, or cannot be told since a year has no calendar. */
  until?: string;
}

/** A value as text in the reader's language; amounts come without the sign of their currency. */
export interface Figure {
  title: Text;
  value: string;
  kind: 'money' | 'plain';
}

export type TaskKind = 'approve' | 'fill' | 'vote' | 'resubmit';

export interface TaskSummary {
  instance: string;
  task: number;
  version: number;
  flow: string;
  flow_title: Text;
  step: string;
  step_title: Text;
  kind: TaskKind;
  number: string;
  initiator: Person;
  subject?: Person;
  period?: string;
  opened_at: string;
  due_at?: string;
  /** The calendar has no days for this year: nobody can say when it is due. */
  no_calendar_year?: number;
  overdue: boolean;
  /** Whose task it is, where the reader acts for somebody. */
  acts_for?: Person;
  /** Who did it, where a substitute did. */
  acted_by?: Person;
  reason?: Text;
  highlights: Figure[];
  outcome?: Text;
  closed_at?: string;
}

export interface TaskPage extends Page<TaskSummary> {
  counts: { open: number; overdue: number };
}

export type InstanceStatus = 'running' | 'archived' | 'completed' | 'rejected' | 'withdrawn' | 'cancelled';

export interface Waiting {
  step_title: Text;
  people: Person[];
}

export interface InstanceSummary {
  id: string;
  number: string;
  flow: string;
  title: Text;
  status: InstanceStatus;
  status_text: Text;
  initiator: Person;
  subject?: Person;
  period?: string;
  started_at: string;
  ended_at?: string;
  /** In lists; on its own page the whole form stands. */
  highlights: Figure[];
  waiting: Waiting[];
  /** Whether something on it waits for somebody to look at it. */
  has_incident: boolean;
}

export interface FormResult {
  name: string;
  title: Text;
  kind: 'form';
  form: ClientForm;
  by: Person;
  at: string;
}

/** What the ballots of a committee came to, by weight; `members` are heads. */
export interface Tally {
  passed: boolean;
  unanimous: boolean;
  yes: number;
  no: number;
  abstain: number;
  not_cast: number;
  members: number;
}

export interface VoteResult {
  name: string;
  title: Text;
  kind: 'vote';
  tally: Tally;
  minutes: { by: Person; text: string }[];
  at: string;
}

export type PolicyState = 'accepted' | 'refused' | 'incomplete' | 'fault';

export interface PolicyOutput extends Figure {
  name: string;
  masked: boolean;
}

export interface PolicyResult {
  name: string;
  title: Text;
  kind: 'policy';
  visit: number;
  policy: string;
  state: PolicyState;
  output: PolicyOutput[];
  assumed: { param: string; clause?: string; note?: Text }[];
  sentences: Text[];
  at: string;
}

export type Result = FormResult | PolicyResult | VoteResult;

export interface FieldChange {
  pointer: string;
  title: Text;
  before: string;
  after: string;
}

export interface TimelineEntry {
  number: number;
  at: string;
  actor: { kind: 'person' | 'system' | 'timer'; person?: Person };
  /** For whom the actor did it, as their substitute. */
  acts_for?: Person;
  kind: string;
  text: Text;
  step_title?: Text;
  comment?: string;
  /** What was written down of a committee's meeting. */
  minutes?: string;
  reason?: Text;
  changes?: FieldChange[];
}

export type Ballot = 'agree' | 'against' | 'abstain';
export type TaskAction = 'approve' | 'fill' | 'vote' | 'resubmit' | 'reject' | 'return' | 'transfer';
export type InstanceAction = 'comment' | 'withdraw' | 'cancel';
export type ReturnThen = 'direct' | 'restart';

/** A vote in which the reader has a ballot; `cast` and `open` are weights. */
export interface Vote {
  rule: Text;
  weight: number;
  cast: number;
  open: number;
  /** Who chairs the committee; nobody where it has no chair. */
  chair: Person[];
  /** Whether this ballot is a chair's. */
  leads: boolean;
  /** Minutes of the meeting go with the chair's ballot. */
  minutes: boolean;
}

export interface TaskDetail {
  task: number;
  version: number;
  step: string;
  step_title: Text;
  kind: TaskKind;
  reason: Text;
  opened_at: string;
  due_at?: string;
  no_calendar_year?: number;
  overdue: boolean;
  form: ClientForm;
  own_form?: ClientForm;
  vote?: Vote;
  /** Whose task it is, where the reader acts for somebody. */
  acts_for?: Person;
  draft?: Draft;
  actions: TaskAction[];
  comment_required: Partial<Record<TaskAction, boolean>>;
  return_targets: { to: string; title: Text }[];
  colleagues: { person: Person; state: RoutePersonState }[];
}

export interface Incident {
  incident: number;
  step_title: Text;
  text: Text;
  opened_at: string;
  can_retry: boolean;
}

export interface Archive {
  copies: string[];
  archived_at: string;
  keep_until?: string;
}

export interface Instance extends InstanceSummary {
  release: string;
  version: number;
  form: ClientForm;
  results: Result[];
  route: RouteNode[];
  /** The last things that happened, oldest first. */
  timeline: TimelineEntry[];
  /** Where what happened earlier ends; absent where there is nothing earlier. */
  timeline_next?: string;
  my_tasks: TaskDetail[];
  actions: InstanceAction[];
  incidents: Incident[];
  archive?: Archive;
}

/** What became of an action. */
export interface Acted {
  id: string;
  number: string;
  status: InstanceStatus;
  status_text: Text;
  next: Waiting[];
}

export type ExplanationKind = 'policy' | 'input' | 'param' | 'row' | 'helper' | 'rounding' | 'note' | 'output' | 'more';

export interface ExplanationNode {
  kind: ExplanationKind;
  label: Text;
  value?: string;
  line?: number;
  clause?: string;
  param?: { name: string; from: string; status?: 'assumed' };
  source?: string;
  /** A cap or floor that changed the value. */
  bitten?: boolean;
  children: ExplanationNode[];
}

export interface Explanation {
  policy: string;
  title: Text;
  on: string;
  release: string;
  state: PolicyState;
  output: PolicyOutput[];
  sentences: Text[];
  tree: ExplanationNode;
  script: { path: string; source: string };
}

export interface StoredFile {
  id: string;
  name: string;
  size: number;
  media_type: string;
  sha256: string;
}

export interface PersonEntry extends Person {
  department?: string;
  post?: string;
}

export interface Department {
  id: string;
  name: string;
  parent?: string;
}

export interface ProblemError {
  pointer: string;
  keyword: string;
  message: string;
}

/** An answer of the server that something could not be done, RFC 9457. */
export interface ProblemBody {
  type?: string;
  title: string;
  status: number;
  detail?: string;
  code: string;
  errors?: ProblemError[];
  retry_after?: number;
}
