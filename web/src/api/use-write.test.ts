// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { Problem, Unreachable } from './problem.ts';
import { intentFor, isClearAnswer } from './use-write.ts';

describe('the key of a wish', () => {
  it('stays the same while the same thing is tried again', () => {
    const first = intentFor({ action: 'approve' }, null);
    expect(intentFor({ action: 'approve' }, first)).toBe(first);
  });

  it('is another for another wish', () => {
    const first = intentFor({ action: 'approve', comment: '' }, null);
    expect(intentFor({ action: 'approve', comment: '好' }, first).key).not.toBe(first.key);
  });
});

describe('an answer', () => {
  it('is clear when the server said no, and in doubt when it stumbled or was not reached', () => {
    expect(isClearAnswer(new Problem({ title: '', status: 409, code: 'task_closed' }))).toBe(true);
    expect(isClearAnswer(new Problem({ title: '', status: 503, code: 'busy' }))).toBe(false);
    expect(isClearAnswer(new Unreachable('lost'))).toBe(false);
  });
});
