/** The way of a request, as the server sends it. */

import type { Json, Person, Text } from './types';

export type StepKind = 'start' | 'approve' | 'fill' | 'vote' | 'policy' | 'record' | 'account' | 'archive';
/** `declined`: it was decided against, and the flow goes on all the same. */
export type StepState = 'done' | 'open' | 'waiting' | 'skipped' | 'declined' | 'rejected' | 'returned' | 'failed';
export type RoutePersonState =
  | 'open'
  | 'approved'
  | 'rejected'
  | 'filled'
  | 'voted_yes'
  | 'voted_no'
  | 'abstained'
  | 'returned'
  | 'transferred'
  | 'cancelled'
  | 'expected';

export interface RoutePerson {
  person: Person;
  state: RoutePersonState;
  /** Who did it, as their substitute. */
  acted_by?: Person;
  reason: Text;
  at?: string;
  comment?: string;
}

export interface RouteStep {
  type: 'step';
  step: string;
  title: Text;
  kind: StepKind;
  decide?: 'any' | 'all' | 'in-order';
  state: StepState;
  people: RoutePerson[];
  /** It will be come to, and its rule finds nobody. */
  nobody?: boolean;
  reason?: Text;
  opened_at?: string;
  closed_at?: string;
  due_at?: string;
  no_calendar_year?: number;
  overdue?: boolean;
  round?: number;
}

export interface RouteChoice {
  type: 'choose';
  branches: { label: Text; taken: boolean | null; nodes: RouteNode[] }[];
  /** Its condition could not be decided, and why. */
  state?: 'failed';
  reason?: Text;
}

/** Branches that are all walked, side by side. */
export interface RouteParallel {
  type: 'parallel';
  branches: RouteLane[];
}

/** The same steps for every item of a list: its lanes, or before they are opened what is done in each. */
export interface RouteEach {
  type: 'each';
  one_by_one: boolean;
  branches: RouteLane[];
}

export interface RouteLane {
  label: Text;
  nodes: RouteNode[];
}

export type RouteNode = RouteStep | RouteChoice | RouteParallel | RouteEach;

/** What a form that is being filled would lead to. */
export interface Preview {
  route: RouteNode[];
  /** The values of looked-up fields by place; null where nothing was found. Left out where nothing was worked out. */
  looked_up?: Record<string, Json>;
}
