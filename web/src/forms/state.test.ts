// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { edited, learned } from './state.ts';
import { lookedUpPlaces } from './lookups.ts';
import { pathOf, valueAt, withValue } from './pointer.ts';
import { readForm } from './read.ts';

const error = (pointer: string) => ({ pointer, keyword: 'reference', message: '没有' });

describe('a change', () => {
  const before = {
    data: { who: 'li', items: [{ amount: '1' }, { amount: '2' }] },
    touched: new Set<string>(),
    tried: true,
    fromServer: [error('/who'), error('/items/1/amount')],
    changed: false,
    found: {},
  };

  it('takes back what the server said of that place, and of nothing else', () => {
    expect(edited(before, '/who', 'wang').fromServer).toEqual([error('/items/1/amount')]);
    expect(edited(before, '/items/0/amount', '3').fromServer).toEqual(before.fromServer);
    expect(edited(before, '/items', []).fromServer).toEqual([error('/who')]);
  });

  it('leaves what was there untouched', () => {
    const after = edited(before, '/items/1/amount', '5');
    expect(after.data.items).toEqual([{ amount: '1' }, { amount: '5' }]);
    expect(before.data.items).toEqual([{ amount: '1' }, { amount: '2' }]);
    expect(after.changed).toBe(true);
  });
});

describe('what was looked up', () => {
  const before = { data: { no: 'K-1', limit: '1.00' }, touched: new Set<string>(), tried: false, fromServer: [], changed: false, found: {} };

  it('stands in its place, and is no change of anybody', () => {
    const after = learned(before, { '/limit': '100.00' }, ['/limit']);
    expect(after.data).toEqual({ no: 'K-1', limit: '100.00' });
    expect(after.changed).toBe(false);
    expect(learned(after, { '/limit': '100.00' }, ['/limit'])).toBe(after);
  });

  it('goes where nothing was found, and that is known', () => {
    const after = learned(before, { '/limit': null }, ['/limit']);
    expect(after.data).toEqual({ no: 'K-1' });
    expect(after.found).toEqual({ '/limit': null });
  });

  it('goes where it is not asked for any more', () => {
    const found = learned(before, { '/limit': '100.00' }, ['/limit']);
    const after = learned(found, {}, ['/limit']);
    expect(after.data).toEqual({ no: 'K-1' });
    expect(after.found).toEqual({});
  });

  it('stays where nothing could be worked out, because something else is mistyped', () => {
    const found = learned(before, { '/limit': '100.00' }, ['/limit']);
    const mistyped = edited(found, '/price', '30.123');
    expect(learned(mistyped, undefined, ['/limit'])).toBe(mistyped);
    expect(mistyped.data).toEqual({ no: 'K-1', limit: '100.00', price: '30.123' });
  });

  const lookup = { type: 'string', title: 'L', 'x-lookup': true };
  const level = { type: 'object', title: 'G', properties: { no: { type: 'string', title: 'N' }, limit: lookup } };
  const form = { type: 'object', title: 'F', properties: { limit: lookup, one: level, rows: { type: 'array', title: 'R', items: level } } };

  it('does not bring back a row that was taken away while it was asked for', () => {
    const { root } = readForm(form);
    const asked = { ...before, data: { no: 'K-1', limit: '1.00', rows: [{ no: 'K-2' }, { no: 'K-3' }] } };
    const fewer = edited(asked, '/rows', [{ no: 'K-2' }]);
    const answer = { '/limit': '1.00', '/rows/0/limit': '20.00', '/rows/1/limit': '30.00' };
    const after = learned(fewer, answer, lookedUpPlaces(root, fewer.data));
    expect(after.data).toEqual({ no: 'K-1', limit: '1.00', rows: [{ no: 'K-2', limit: '20.00' }] });

    const none = edited(asked, '/rows', undefined);
    expect(learned(none, answer, lookedUpPlaces(root, none.data)).data).toEqual({ no: 'K-1', limit: '1.00' });
  });

  it('says nothing about a row that comes later in the place of one that has gone', () => {
    const after = learned(before, { '/limit': '1.00', '/rows/0/limit': null }, ['/limit']);
    expect(after.found).toEqual({ '/limit': '1.00' });
  });

  it('has a place in every group and row', () => {
    const data = { one: { no: 'K-1' }, rows: [{ no: 'K-2' }, { no: '' }] };
    expect(lookedUpPlaces(readForm(form).root, data)).toEqual(['/limit', '/one/limit', '/rows/0/limit', '/rows/1/limit']);
  });
});

describe('a pointer', () => {
  it('finds, sets and takes away', () => {
    expect(valueAt({ a: [{ 'b/c': 1 }] }, '/a/0/b~1c')).toBe(1);
    expect(withValue({}, '/group/name', 'x')).toEqual({ group: { name: 'x' } });
    expect(withValue({ a: 1, b: 2 }, '/a', undefined)).toEqual({ b: 2 });
  });

  it('without its row numbers is the name that rights use', () => {
    expect(pathOf('/items/2/points')).toBe('items.points');
  });
});
