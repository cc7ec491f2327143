import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useDeferredValue, useState } from 'react';
import { departmentsQuery, peopleQuery, personQuery } from '../../api/queries.ts';
import type { PersonEntry } from '../../api/types.ts';
import { Avatar } from '../../ui/People.tsx';
import { useWords } from '../../words/index.ts';
import { statusOf, textIn, textsIn, type WidgetProps } from './props.ts';

/** A person, found by name. */
export function PersonWidget({ value, change, leave, control }: WidgetProps) {
  return <PersonPicker {...control} value={textIn(value)} status={statusOf(control)} change={change} leave={leave} />;
}

interface PickerProps {
  id?: string;
  value: string;
  status?: 'error' | '';
  change: (person: string | undefined) => void;
  leave?: () => void;
  /** Whoever cannot be chosen here. */
  without?: string[];
}

/** Finds one person by name, department or post. */
export function PersonPicker({ value, status = '', change, leave, without = [], ...control }: PickerProps) {
  const words = useWords();
  const { options, search, loading } = usePeople(without);
  const chosen = useQuery({ ...personQuery(value), enabled: value !== '' });
  const known = value === '' || options.some((option) => option.value === value);
  return (
    <Select
      {...control}
      value={value || undefined}
      status={status}
      showSearch={{ filterOption: false, onSearch: search }}
      allowClear
      placeholder={words.form.personSearch}
      loading={loading}
      notFoundContent={loading ? words.common.loading : words.form.noPerson}
      options={known ? options : [...(chosen.data ? [optionOf(chosen.data)] : []), ...options]}
      optionRender={renderOption}
      onChange={(next: string | undefined) => change(next)}
      onBlur={leave}
    />
  );
}

/** Several people. */
export function PeopleWidget({ value, change, leave, control }: WidgetProps) {
  const words = useWords();
  const { options, search, loading } = usePeople([]);
  return (
    <Select
      {...control}
      mode="multiple"
      value={textsIn(value)}
      status={statusOf(control)}
      showSearch={{ filterOption: false, onSearch: search }}
      placeholder={words.form.personSearch}
      notFoundContent={loading ? words.common.loading : words.form.noPerson}
      options={options}
      labelRender={renderName}
      optionRender={renderOption}
      onChange={(next: string[]) => change(next.length > 0 ? next : undefined)}
      onBlur={leave}
    />
  );
}

/** A department, from the list of all. */
export function DepartmentWidget({ value, change, leave, control }: WidgetProps) {
  const words = useWords();
  const departments = useQuery(departmentsQuery);
  return (
    <Select
      {...control}
      value={textIn(value) || undefined}
      status={statusOf(control)}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      loading={departments.isPending}
      placeholder={words.form.department}
      options={(departments.data?.items ?? []).map((department) => ({ value: department.id, label: department.name }))}
      onChange={(next: string | undefined) => change(next)}
      onBlur={leave}
    />
  );
}

/** The name of a person whose id we have. */
export function PersonName({ id }: { id: string }) {
  const person = useQuery({ ...personQuery(id), enabled: id !== '' });
  return person.data?.name ?? (person.isPending ? '…' : id);
}

/** The name of a department whose id we have. */
export function DepartmentName({ id }: { id: string }) {
  const departments = useQuery(departmentsQuery);
  return departments.data?.items.find((department) => department.id === id)?.name ?? (departments.isPending ? '…' : id);
}

function renderOption(option: { data: Option }) {
  return <PersonOption person={option.data.person} />;
}

function renderName({ value }: { value?: string | number }) {
  return <PersonName id={String(value ?? '')} />;
}

function PersonOption({ person }: { person: PersonEntry }) {
  return (
    <span className="person-option">
      <Avatar name={person.name} small />
      <span>{person.name}</span>
      <span className="soft small">{[person.department, person.post].filter(Boolean).join(' · ')}</span>
    </span>
  );
}

interface Option {
  value: string;
  label: string;
  person: PersonEntry;
}

function optionOf(person: PersonEntry): Option {
  return { value: person.id, label: person.name, person };
}

function usePeople(without: string[]): { options: Option[]; search: (text: string) => void; loading: boolean } {
  const [text, setText] = useState('');
  const query = useDeferredValue(text.trim());
  const people = useQuery({ ...peopleQuery(query), placeholderData: (before) => before });
  const options = (people.data?.items ?? []).filter((person) => !without.includes(person.id)).map(optionOf);
  return { options, search: setText, loading: people.isFetching };
}
