import type { Release } from './admin-types.ts';
import type { Explanation, JsonObject, Page, Person, Text } from './types.ts';

/** An amount under both releases, as decimal texts. */
export interface PilotDifference {
  current: string;
  candidate: string;
  difference: string;
}

export interface PilotBoth {
  current: number;
  candidate: number;
}

/** Payees whose difference lies between two figures. */
export interface PilotBin {
  from: string;
  to: string;
  count: number;
}

/** One amount over all payees. */
export interface PilotTotal extends PilotDifference {
  name: string;
  title: Text;
  /** Yuan; else points. */
  money: boolean;
  same: number;
  more: number;
  less: number;
  /** Empty where amounts are withheld. */
  spread: PilotBin[];
}

export interface PilotCounts {
  evaluations: number;
  payees: number;
  refused_in_one: number;
  refused: PilotBoth;
  incomplete: PilotBoth;
  faults: PilotBoth;
  assumed: PilotBoth;
  left_out: number;
}

export interface PilotSummary {
  id: string;
  policy: string;
  title: Text;
  current: string;
  candidate: string;
  created_at: string;
  created_by: Person;
  masked: boolean;
  counts: PilotCounts;
  totals: PilotTotal[];
}

/** A row that one release refused or could not answer. */
export interface PilotNote {
  row: number;
  candidate: boolean;
  outcome: 'refused' | 'incomplete' | 'fault';
  why?: Text;
}

export interface PilotPayee {
  payee: string;
  name?: string;
  amounts: Record<string, PilotDifference>;
  rows: number;
  left_out: number;
  assumed: boolean;
  notes: PilotNote[];
}

export interface Pilot extends PilotSummary {
  as_of: string;
  payees: Page<PilotPayee>;
}

/** One row under both releases. */
export interface PilotRow {
  row: number;
  line: number;
  on: string;
  current: Explanation;
  candidate: Explanation;
}

export interface PilotExplained extends PilotPayee {
  totals: PilotTotal[];
  explained: PilotRow[];
  more_rows: number;
}

export interface PilotInput {
  name: string;
  title: Text;
  type: string;
  required: boolean;
  from?: string;
}

export interface PilotPolicy {
  name: string;
  title: Text;
  inputs: PilotInput[];
}

export interface PilotChoices {
  releases: Release[];
  policies: PilotPolicy[];
}

export interface PilotTable {
  csv?: string;
  records?: JsonObject[];
}

export interface NewPilot {
  policy: string;
  candidate: { release: string };
  as_of?: string | undefined;
  rows: PilotTable;
  facts: Record<string, PilotTable>;
}
