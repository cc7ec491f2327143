import type {
  ClientForm,
  Duty,
  InstanceStatus,
  JsonObject,
  Language,
  PersonEntry,
  PeriodKind,
  PolicyResult,
  Explanation,
  Figure,
  Result,
  StepKind,
  StepState,
  RoutePerson,
  TaskKind,
  Text,
  TimelineEntry,
} from '../src/api/types.ts';
import type { AboutRule } from './about.ts';
import { marked, type Rights } from '../src/forms/marked.ts';

/** A text in both languages. */
export function t(zh: string, en: string): Text {
  return { zh, en };
}

export interface MockPerson extends PersonEntry {
  login?: string;
  email?: string;
  roles: string[];
  can: Duty[];
  active: boolean;
}

/** One made-up company: everything the stand-in knows about it. */
export interface Company {
  id: string;
  name: Text;
  roles: Record<string, Text>;
  people: MockPerson[];
  departments: { id: string; name: string }[];
  flows: Flow[];
  seed: (world: Seeder) => void;
}

export interface Step {
  step: string;
  title: Text;
  kind: StepKind;
  /** The role that decides. */
  by?: string;
  decide?: 'any' | 'all' | 'in-order';
  own_form?: { schema: JsonObject; into: string; title: Text };
  rights?: Rights['named'];
  due_hours?: number;
  /** A committee votes; `chair` is the role that writes the minutes. */
  vote?: { minutes: boolean; chair: string; into: string };
  policy?: (instance: Instance) => { result: PolicyResult; explanation: Explanation };
  /** A condition on the form; without it the step is always walked. */
  when?: (form: JsonObject) => boolean;
  label?: Text;
}

export interface Flow {
  flow: string;
  title: Text;
  description: Text;
  schema: JsonObject;
  start_by: string[];
  start_title: Text;
  number: (sequence: number) => string;
  period?: PeriodKind;
  steps: Step[];
  copies: string[];
  initial?: JsonObject;
  highlights: (form: JsonObject) => Figure[];
  about?: AboutRule;
}

export interface Task {
  task: number;
  version: number;
  step: string;
  kind: TaskKind;
  person: string;
  reason: Text;
  opened_at: string;
  due_at?: string;
  closed_at?: string;
  outcome?: Text;
}

export interface Visit {
  step: string;
  state: StepState;
  people: RoutePerson[];
  opened_at?: string;
  closed_at?: string;
  round: number;
}

export interface Instance {
  id: string;
  number: string;
  flow: string;
  company: string;
  status: InstanceStatus;
  initiator: string;
  subject?: string;
  /** The record that it is about. */
  about?: string;
  period?: string;
  started_at: string;
  ended_at?: string;
  form: JsonObject;
  version: number;
  visits: Visit[];
  tasks: Task[];
  results: Result[];
  explanations: Record<number, Explanation>;
  timeline: TimelineEntry[];
  incidents: { incident: number; step_title: Text; text: Text; opened_at: string; can_retry: boolean }[];
  copies: string[];
  archived_at?: string;
  after_return?: { step: string; then: 'direct' | 'restart' };
}

/** What the seeds of a company may do: the past, quickly. */
export interface Seeder {
  at: (hoursAgo: number) => void;
  start: (flow: string, by: string, form: JsonObject, period?: string) => Instance;
  act: (instance: Instance, by: string, action: string, body?: JsonObject) => void;
  comment: (instance: Instance, by: string, text: string) => void;
}

export function clientForm(schema: JsonObject, data: JsonObject, rights: Rights): ClientForm {
  return { schema: marked(schema, rights), data, masked: [] };
}

export interface LoggedIn {
  company: Company;
  person: MockPerson;
  language: Language;
}

/** The last time an instance was at a step. */
export function lastVisit(instance: Instance | undefined, step: string): Visit | undefined {
  return [...(instance?.visits ?? [])].reverse().find((visit) => visit.step === step);
}
