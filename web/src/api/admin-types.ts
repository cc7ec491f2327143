import type { PersonEntry, Text } from './types.ts';

export interface AdminPerson extends PersonEntry {
  login?: string;
  email?: string;
  roles: Text[];
  active: boolean;
}

export interface AdminIncident {
  instance: string;
  incident: number;
  number: string;
  flow_title: Text;
  step_title: Text;
  text: Text;
  opened_at: string;
}

/** Something that was tried too often, and waits until somebody has it tried again. */
export interface ParkedMessage {
  id: string;
  what: Text;
  number?: string;
  attempts: number;
  last_error: string;
  last_tried_at: string;
}

export interface Release {
  hash: string;
  deployed_at: string;
  deployed_by: string;
  current: boolean;
  summary: string;
}
