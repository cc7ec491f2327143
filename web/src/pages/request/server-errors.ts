import type { ProblemError } from '../../api/types.ts';
import type { FormModel } from '../../forms/model.ts';
import { segments } from '../../forms/pointer.ts';

/**
 * Gives each of the server's errors to the form it is about.
 *
 * A step may show two forms: that of the request and one of its own. A pointer may begin with the part of the body it is
 * in, `/form` or `/data`; without that, the form which has such a field is meant, the step's own first.
 */
export function byForm(errors: ProblemError[], own: FormModel | null): { form: ProblemError[]; data: ProblemError[] } {
  const split: { form: ProblemError[]; data: ProblemError[] } = { form: [], data: [] };
  const names = new Set(own?.root.fields.map((field) => field.name));
  for (const error of errors) {
    const [first = '', second] = segments(error.pointer);
    if ((first === 'form' || first === 'data') && second !== undefined) {
      split[first].push({ ...error, pointer: error.pointer.slice(first.length + 1) });
    } else {
      split[names.has(first) ? 'data' : 'form'].push(error);
    }
  }
  return split;
}
