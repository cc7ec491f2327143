import type { ClientForm, Right } from '../api/types.ts';
import type { Field } from './model.ts';
import { pathOf } from './pointer.ts';

/** What this person may do with one field. Only for show: the server alone decides. */
export type Access = 'hidden' | 'masked' | 'readonly' | 'editable' | 'required';

export type AccessOf = (field: Field) => Access;

const WORDS: Access[] = ['hidden', 'masked', 'readonly', 'editable', 'required'];

/** The access to every field of a form as the server gave it. */
export function accessIn(form: Pick<ClientForm, 'rights' | 'default_right' | 'masked'>): AccessOf {
  const masked = new Set(form.masked.map(pathOf));
  const rights = new Map(
    Object.entries(form.rights).map(([name, right]) => [name.startsWith('/') ? pathOf(name) : name, right]),
  );
  return (field) => {
    if (masked.has(field.path)) return 'masked';
    const told = WORDS.find((word) => word === field.keywords['x-access']);
    const access: Access = told ?? rightOf(rights, form.default_right, field.path);
    return field.computed !== null && writes(access) ? 'readonly' : access;
  };
}

/** Nothing may be written. */
export function readonlyIn(form: Pick<ClientForm, 'rights' | 'default_right' | 'masked'>): AccessOf {
  const access = accessIn(form);
  return (field) => (writes(access(field)) ? 'readonly' : access(field));
}

export function writes(access: Access): boolean {
  return access === 'editable' || access === 'required';
}

/** A field inside a group or rows follows the nearest one around it that is named. */
function rightOf(rights: Map<string, Right>, others: Right, path: string): Right {
  const named = rights.get(path);
  if (named) return named;
  const cut = path.lastIndexOf('.');
  if (cut < 0) return others;
  const around = rightOf(rights, others, path.slice(0, cut));
  // What must be filled is the group or the rows, not each thing inside.
  return around === 'required' ? 'editable' : around;
}
