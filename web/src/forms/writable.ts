import type { ClientForm } from '../api/types.ts';
import { accessIn, writes, type AccessOf } from './access.ts';
import { levelOf, type Level } from './model.ts';
import { readForm } from './read.ts';

/** Tells whether a person may write anything in a form. */
export function canWrite(form: ClientForm): boolean {
  return anyWritable(readForm(form.schema).root, accessIn(form));
}

function anyWritable(level: Level, access: AccessOf): boolean {
  return level.fields.some((field) => {
    const inner = levelOf(field.kind);
    return inner ? anyWritable(inner, access) || (field.kind.kind === 'rows' && writes(access(field))) : writes(access(field));
  });
}
