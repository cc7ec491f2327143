import { queryOptions } from '@tanstack/react-query';
import { read, write } from './fetch.ts';
import { keys } from './keys.ts';
import type { Person, Text } from './types.ts';

export interface FlowTitle {
  flow: string;
  title: Text;
}

/** Somebody who acts for a person, or for whom they act. */
export interface Substitute {
  person: Person;
  from?: string;
  until?: string;
  /** Empty: in all flows. */
  flows: FlowTitle[];
  active: boolean;
}

export interface Substitutes {
  mine: Substitute[];
  for_others: Substitute[];
  /** Flows to which it can be limited. */
  flows: FlowTitle[];
}

export interface SubstituteWish {
  person: string;
  from?: string | undefined;
  until?: string | undefined;
  flows: string[];
}

/** Whose they are: one's own, or those of somebody else for who looks after people. */
export type Whose = string | null;

const place = (of: Whose) => (of === null ? '/substitutes' : `/admin/people/${encodeURIComponent(of)}/substitutes`);

export const substitutesQuery = (of: Whose) =>
  queryOptions({
    queryKey: keys.substitutes(of),
    queryFn: ({ signal }) => read<Substitutes>(place(of), { signal }),
  });

export const nameSubstitute = (of: Whose, body: SubstituteWish, intent: string) =>
  write<Substitutes>('POST', place(of), { body, intent });

export const endSubstitute = (of: Whose, one: Substitute, intent: string) => {
  const body = { person: one.person.id, from: one.from, until: one.until, flows: one.flows.map(({ flow }) => flow) };
  return write<Substitutes>('POST', `${place(of)}/end`, { body, intent });
};
