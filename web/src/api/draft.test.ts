// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DraftSession, type DraftPort } from './draft.ts';
import { Problem } from './problem.ts';
import type { DraftBody } from './types.ts';

const stale = new Problem({ title: '', status: 412, code: 'draft_changed' });
const body = (comment: string): DraftBody => ({ comment });

function setting(answers: (string | Error)[], version?: string) {
  const sent: [string | undefined, string | undefined][] = [];
  const port: DraftPort = {
    save: async (_, draft, seen) => {
      sent.push([draft.comment, seen]);
      const next = answers.shift();
      if (next instanceof Error) throw next;
      return next ?? '9';
    },
    load: async () => ({ body: body('theirs'), version: '5' }),
    remove: async () => {},
    now: () => new Date('2026-11-21T08:00:00Z'),
  };
  return { session: new DraftSession('start:x', version, port), sent };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a draft', () => {
  it('is kept a moment after the last key, once, with the version that was last seen', async () => {
    const { session, sent } = setting(['1', '2']);
    session.typed(body('a'));
    session.typed(body('ab'));
    expect(session.current().kind).toBe('pending');
    await vi.advanceTimersByTimeAsync(900);
    expect(sent).toEqual([['ab', undefined]]);
    expect(session.current()).toEqual({ kind: 'saved', at: new Date('2026-11-21T08:00:00Z') });
    session.typed(body('abc'));
    await vi.advanceTimersByTimeAsync(900);
    expect(sent[1]).toEqual(['abc', '1']);
    expect(session.unsaved).toBe(false);
  });

  it('is kept at once when the page is left', async () => {
    const { session, sent } = setting(['1']);
    session.typed(body('a'));
    await session.flush();
    expect(sent).toHaveLength(1);
    await session.flush();
    expect(sent).toHaveLength(1);
  });

  it('that could not be kept is tried again and says so', async () => {
    const { session, sent } = setting([new Error('lost'), '1']);
    session.typed(body('a'));
    await vi.advanceTimersByTimeAsync(900);
    expect(session.current().kind).toBe('failed');
    expect(session.unsaved).toBe(true);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent).toHaveLength(2);
    expect(session.current().kind).toBe('saved');
  });

  it('changed elsewhere waits for the person’s choice', async () => {
    const { session, sent } = setting([stale, '6'], '3');
    session.typed(body('mine'));
    await vi.advanceTimersByTimeAsync(900);
    expect(session.current().kind).toBe('stale');
    session.typed(body('mine too'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
    await session.keepMine();
    expect(sent[1]).toEqual(['mine too', '5']);
    expect(session.current().kind).toBe('saved');
  });

  it('from elsewhere can be taken over', async () => {
    const { session } = setting([stale], '3');
    session.typed(body('mine'));
    await vi.advanceTimersByTimeAsync(900);
    await expect(session.takeTheirs()).resolves.toEqual({ body: body('theirs'), version: '5' });
    expect(session.unsaved).toBe(false);
  });

  it('is no longer kept once the form was sent', async () => {
    const { session, sent } = setting(['1']);
    session.typed(body('a'));
    session.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(0);
    expect(session.current().kind).toBe('clean');
  });

  describe('while a slow save is on its way', () => {
    /** Saves that are answered when the test says so. */
    function slow() {
      const sent: [string | undefined, string | undefined][] = [];
      const waiting: ((version: string) => void)[] = [];
      const removed: string[] = [];
      const port: DraftPort = {
        save: (_, draft, seen) => {
          sent.push([draft.comment, seen]);
          return new Promise((answer) => waiting.push(answer));
        },
        load: async () => ({ body: body('theirs'), version: '5' }),
        remove: async (key) => void removed.push(key),
        now: () => new Date('2026-11-21T08:00:00Z'),
      };
      const answer = async (version: string) => {
        waiting.shift()?.(version);
        await vi.advanceTimersByTimeAsync(0);
      };
      return { session: new DraftSession('start:x', undefined, port), sent, answer, removed };
    }

    it('what is typed waits for its version, so that nobody is told of a change that was their own', async () => {
      const { session, sent, answer } = slow();
      session.typed(body('a'));
      await vi.advanceTimersByTimeAsync(900);
      session.typed(body('ab'));
      await vi.advanceTimersByTimeAsync(10_000);
      expect(sent).toEqual([['a', undefined]]);
      await answer('1');
      await vi.advanceTimersByTimeAsync(900);
      expect(sent[1]).toEqual(['ab', '1']);
      await answer('2');
      expect(session.current().kind).toBe('saved');
    });

    it('leaving the page keeps the rest after it', async () => {
      const { session, sent, answer } = slow();
      session.typed(body('a'));
      await vi.advanceTimersByTimeAsync(900);
      session.typed(body('ab'));
      const left = session.flush();
      await answer('1');
      await answer('2');
      await left;
      expect(sent).toEqual([['a', undefined], ['ab', '1']]);
    });

    it('throwing the draft away waits for it, or it would come back', async () => {
      const { session, answer, removed } = slow();
      session.typed(body('a'));
      await vi.advanceTimersByTimeAsync(900);
      const gone = session.discard();
      expect(removed).toEqual([]);
      await answer('1');
      await gone;
      expect(removed).toEqual(['start:x']);
      expect(session.current().kind).toBe('clean');
    });
  });

  it('that is again what was kept is kept', async () => {
    const { session, sent } = setting(['1']);
    session.typed(body('a'));
    await vi.advanceTimersByTimeAsync(900);
    session.typed(body('ab'));
    session.typed(body('a'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(session.current().kind).toBe('saved');
    expect(sent).toHaveLength(1);
  });
});
