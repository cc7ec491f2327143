import type { ClientForm } from '../api/types.ts';
import { accessIn, writes, type AccessOf } from './access.ts';
import { levelOf, type Field } from './model.ts';
import { readForm } from './read.ts';

/** How a form is worked on: not at all, by filling some fields of it, or as a whole. */
export type Extent = 'none' | 'some' | 'whole';

/** Tells how much of a form a person may write. */
export function extentOf(form: ClientForm): Extent {
  const access = accessIn(form);
  const fields = readForm(form.schema).root.fields.filter(
    (field) => access(field) !== 'hidden' && field.computed === null,
  );
  const writable = fields.filter((field) => fieldIsWritable(field, access)).length;
  if (writable === 0) return 'none';
  return writable * 2 > fields.length ? 'whole' : 'some';
}

/** Tells whether a person may write a field, or anything inside it. */
export function fieldIsWritable(field: Field, access: AccessOf): boolean {
  const inner = levelOf(field.kind);
  const itself = field.kind.kind !== 'group' && writes(access(field));
  return itself || (inner?.fields.some((other) => fieldIsWritable(other, access)) ?? false);
}
