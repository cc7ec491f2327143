import { expect, it } from 'vitest';
import { readForm } from '../../forms/read.ts';
import { byForm } from './server-errors.ts';

const error = (pointer: string) => ({ pointer, keyword: 'required', message: '请填写' });
const own = readForm({ type: 'object', properties: { cause: { type: 'string', title: '原因' } } });

it('an error goes to the form that has such a field', () => {
  expect(byForm([error('/cause'), error('/amount')], own)).toEqual({
    data: [error('/cause')],
    form: [error('/amount')],
  });
  expect(byForm([error('/cause')], null)).toEqual({ data: [], form: [error('/cause')] });
});

it('an error that names the part of the body goes there', () => {
  expect(byForm([error('/data/rows/2/amount'), error('/form/cause')], own)).toEqual({
    data: [error('/rows/2/amount')],
    form: [error('/cause')],
  });
});
