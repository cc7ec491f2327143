import type { ClientForm } from '../api/types.ts';
import type { Field } from './model.ts';
import { pathOf } from './pointer.ts';

/** What this person may do with one field. Only for show: the server alone decides. */
export type Access = 'hidden' | 'masked' | 'readonly' | 'editable' | 'required';

export type AccessOf = (field: Field) => Access;

const WORDS: Access[] = ['hidden', 'masked', 'readonly', 'editable', 'required'];

/** The access to every field of a form, as the server says in `x-access`; what it says nothing about can only be read. */
export function accessIn(form: Pick<ClientForm, 'masked'>): AccessOf {
  const masked = new Set(form.masked.map(pathOf));
  return (field) => {
    if (masked.has(field.path)) return 'masked';
    const access = WORDS.find((word) => word === field.keywords['x-access']) ?? 'readonly';
    return field.computed !== null && writes(access) ? 'readonly' : access;
  };
}

/** Nothing may be written. */
export function readonlyIn(form: Pick<ClientForm, 'masked'>): AccessOf {
  const access = accessIn(form);
  return (field) => (writes(access(field)) ? 'readonly' : access(field));
}

export function writes(access: Access): boolean {
  return access === 'editable' || access === 'required';
}
